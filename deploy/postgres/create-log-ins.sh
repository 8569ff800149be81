#!/bin/sh
# Creates the two log-ins of the service and its database: see "Database log-ins" in docs/operations.md.
# The passwords come from the environment, and reach psql as variables, which it quotes.
set -eu
psql --username postgres --no-psqlrc --set ON_ERROR_STOP=1 --quiet <<'SQL'
\getenv owner_password OWNER_PASSWORD
\getenv web_password WEB_PASSWORD
CREATE ROLE smartdhandha_app NOLOGIN;
CREATE ROLE smartdhandha_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE smartdhandha_web LOGIN PASSWORD :'web_password';
GRANT smartdhandha_app TO smartdhandha_owner;
GRANT smartdhandha_app TO smartdhandha_web WITH INHERIT TRUE, SET FALSE;
CREATE DATABASE smartdhandha OWNER smartdhandha_owner;
REVOKE TEMPORARY ON DATABASE smartdhandha FROM PUBLIC;
SQL

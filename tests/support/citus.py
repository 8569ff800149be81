"""What the service needs of Citus, imitated by tables and functions of the same names in a database on one machine.

The functions keep what they are asked for, and refuse what Citus refuses. So the tests see what would be sent to Citus,
and the service runs on the tables in the form that they have on several machines.
"""

from __future__ import annotations

from psycopg import Connection

from infra.postgres.database import Row

IMITATION = """
CREATE SCHEMA imitated;
CREATE TABLE imitated.asked (number bigint GENERATED ALWAYS AS IDENTITY, name text, arguments text[]);
CREATE TABLE public.pg_dist_node (groupid integer, nodename text, nodeport integer, noderole text DEFAULT 'primary');
INSERT INTO public.pg_dist_node VALUES (0, 'coordinator', 5432), (1, 'first', 5432), (2, 'second', 5433);
CREATE TABLE public.pg_dist_partition (logicalrelid regclass, partmethod "char");
CREATE TABLE public.pg_dist_shard (shardid bigint, shardminvalue text, shardmaxvalue text);
CREATE TABLE public.pg_dist_placement (shardid bigint, groupid integer);
CREATE TABLE imitated.tenants (org_id text, shardid bigint);
INSERT INTO public.pg_dist_shard VALUES (102008, '-2147483648', '2147483647');
INSERT INTO public.pg_dist_placement VALUES (102008, 1);

CREATE FUNCTION public.create_reference_table(table_name regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO imitated.asked (name, arguments) VALUES ('create_reference_table', ARRAY[table_name::text]);
    INSERT INTO public.pg_dist_partition VALUES (table_name, 'n');
END $$;

CREATE FUNCTION public.create_distributed_table(
    table_name regclass, distribution_column text, colocate_with text DEFAULT 'default'
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    fault text;
BEGIN
    SELECT c.conname INTO fault FROM pg_constraint c
    WHERE c.conrelid = table_name AND c.contype IN ('p', 'u', 'x') AND NOT (
        SELECT a.attnum FROM pg_attribute a WHERE a.attrelid = table_name AND a.attname = distribution_column
    ) = ANY (c.conkey);
    IF FOUND THEN
        RAISE EXCEPTION 'cannot create constraint on "%": % has no distribution column', table_name, fault;
    END IF;
    PERFORM FROM pg_trigger t WHERE t.tgrelid = table_name AND NOT t.tgisinternal
    AND current_setting('citus.enable_unsafe_triggers', true) IS DISTINCT FROM 'on';
    IF FOUND THEN
        RAISE EXCEPTION 'cannot distribute relation "%" because it has triggers', table_name;
    END IF;
    SELECT c.conname INTO fault FROM pg_constraint c
    WHERE c.contype = 'f' AND (
        c.conrelid = table_name AND NOT EXISTS (
            SELECT FROM public.pg_dist_partition p WHERE p.logicalrelid = c.confrelid
        ) OR c.confrelid = table_name AND NOT EXISTS (
            SELECT FROM public.pg_dist_partition p WHERE p.logicalrelid = c.conrelid AND p.partmethod = 'h'
        )
    );
    IF FOUND THEN
        RAISE EXCEPTION 'cannot create foreign key constraint % since relations are not colocated', fault;
    END IF;
    IF colocate_with <> 'none' AND NOT EXISTS (
        SELECT FROM public.pg_dist_partition p WHERE p.logicalrelid = colocate_with::regclass AND p.partmethod = 'h'
    ) THEN
        RAISE EXCEPTION 'relation % is not distributed', colocate_with;
    END IF;
    INSERT INTO imitated.asked (name, arguments)
    VALUES ('create_distributed_table', ARRAY[table_name::text, distribution_column, colocate_with]);
    INSERT INTO public.pg_dist_partition VALUES (table_name, 'h');
END $$;

CREATE FUNCTION public.get_shard_id_for_distribution_column(table_name regclass, distribution_value anyelement)
RETURNS bigint LANGUAGE sql AS $$
    SELECT coalesce((SELECT t.shardid FROM imitated.tenants t WHERE t.org_id = distribution_value::text), 102008)
$$;

CREATE FUNCTION public.isolate_tenant_to_new_shard(table_name regclass, tenant_id anyelement, cascade_option text)
RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM imitated.tenants t WHERE t.org_id = tenant_id::text) THEN
        RAISE EXCEPTION 'table % has already been isolated for the given value', table_name;
    END IF;
    INSERT INTO imitated.asked (name, arguments)
    VALUES ('isolate_tenant_to_new_shard', ARRAY[table_name::text, tenant_id::text, cascade_option]);
    INSERT INTO imitated.tenants VALUES (tenant_id::text, 102009);
    INSERT INTO public.pg_dist_shard VALUES (102009, '7', '7');
    INSERT INTO public.pg_dist_placement VALUES (102009, 1);
    RETURN 102009;
END $$;

CREATE FUNCTION public.citus_move_shard_placement(
    shard_id bigint, source_node_name text, source_node_port integer, target_node_name text, target_node_port integer
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO imitated.asked (name, arguments) VALUES ('citus_move_shard_placement', ARRAY[
        shard_id::text, source_node_name, source_node_port::text, target_node_name, target_node_port::text
    ]);
    UPDATE public.pg_dist_placement p SET groupid = n.groupid FROM public.pg_dist_node n
    WHERE p.shardid = shard_id AND n.nodename = target_node_name AND n.nodeport = target_node_port;
END $$;

GRANT SELECT ON pg_dist_node, pg_dist_partition, pg_dist_shard, pg_dist_placement TO PUBLIC;
"""


def imitate_citus(owner: Connection[Row]) -> None:
    """Create the imitation in a database. Connections that begin after this find it."""
    owner.execute(IMITATION)


def asked_of(owner: Connection[Row], name: str) -> list[list[str]]:
    """Return the arguments with which a function of the imitation was called, in the order of the calls."""
    calls = owner.execute("SELECT arguments FROM imitated.asked WHERE name = %s ORDER BY number", (name,)).fetchall()
    return [arguments for (arguments,) in calls]

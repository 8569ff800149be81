"""The ports: Protocols of everything that the API needs from `infra/`, one file per subject."""

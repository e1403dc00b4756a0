"""A weak and a hardened real server under audit: tests/cases/audit/servers.yml says how."""

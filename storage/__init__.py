"""What we remember: tables, one transaction, the vault."""

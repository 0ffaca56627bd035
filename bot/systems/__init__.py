"""Systems that send mailings and must hear of every opt-out: one small interface, one file for each kind. Only here is httpx used."""

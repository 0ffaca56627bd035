"""Marketo is away for three days: every opt-out arrives afterwards, in order, once; and everybody was told in time."""

import random

import pytest

from bot.systems.marketo import Marketo, MarketoSettings
from handlers.desk import SendingSystem
from handlers.posts import SystemLate
from storage.kinds import OutgoingKind, SystemState
from tests.systems.desk import Systems, with_systems
from tests.systems.marketo_server import CLIENT, SECRET, Answer, MarketoServer, error, on_leads

MARKETO = SendingSystem("marketo", "Marketo", ("nproc",), ("all", "news"))
FAULTS = (Answer(503, raw=b""), Answer(502, raw=b"<html>"), on_leads("608"), on_leads("606"), on_leads("602"), Answer(200, raw=b"not json"))


@pytest.mark.parametrize("seed", [1])
def test_three_days_of_outage_lose_nothing(store_url: str, seed: int) -> None:
    """Opt-outs of three days, with the outage taking many forms; then all of them in the order of their arrival, each once."""
    chance = random.Random(seed)
    server = MarketoServer()
    marketo = Marketo(MarketoSettings("Marketo", server.url, CLIENT, SECRET, {"news": "optOutNews"}))
    desk = Systems(store_url, {"marketo": marketo}, with_systems(MARKETO))
    wished = []
    for hour in range(0, 72, 3):
        for turn in range(3):
            address = f"person{hour:02d}{turn}@example.org"
            server.lead(address)
            wished.append(address)
            desk.wish(address)
            desk.later(minutes=chance.randint(50, 70))
        if chance.random() < 0.5:
            server.down = True
        else:
            server.down = False
            server.faults.extend([lambda asked: error("713") if asked.path.startswith("/rest/") else None, chance.choice(FAULTS)])
        desk.turn_once()
        server.faults.clear()
        assert server.heard == []
        desk.room.tick(desk.now)
    waiting = desk.room.store.run(lambda tx: tx.telling.backlog())
    assert [(b.system, b.waiting) for b in waiting] == [("marketo", len(wished))]
    server.down = False
    desk.later(hours=1)
    desk.turn()
    assert server.heard == [(address, True) for address in wished]
    assert desk.room.store.run(lambda tx: tx.telling.backlog()) == ()
    assert all(t.state is SystemState.DONE for a in wished for t in desk.told(a).values())
    limits = [p.limit for p in desk.room.posts(OutgoingKind.NOTICE) if isinstance(p, SystemLate)]
    assert {"24 hours", "48 hours"} <= set(limits)
    desk.close()
    server.end()

"""A person's home and every list of cases: the most urgent first, with links to threads; pure."""

from bot.slack import names
from bot.slack.cards import STATUS_EMOJI, urgency
from bot.slack.links import thread_link
from bot.slack.text import CONTEXT, Block, button, context, cut, header, line, person, section, sender
from bot.slack.words import ENGLISH, Words
from handlers.views import CaseLine, CasePage, HomeView, TaskLine, TeamFigures
from storage.kinds import Status

View = dict[str, object]
PAGE = 8
"""Cases of a list on one page: three lists of them fit a home."""
_TASKS = 8
STANDING = frozenset({Status.WAITING_IDENTITY, Status.WAITING_CLARIFICATION, Status.WAITING_FEE})
"""Where a case has no date since its clock stands."""


def home(view: HomeView, page: int, site: str, words: Words = ENGLISH) -> View:
    """The home of one person. `site` is the workspace's address, for links to threads ('' for none)."""
    blocks = [header(words("Privacy desk")), section(_figures(view.figures, words))]
    blocks.append({"type": "actions", "elements": _doors(words)})
    blocks += _away(view, words)
    blocks += _listed(words("🙋 My cases"), view.mine, site, words)
    blocks += _tasks(view.tasks, site, words)
    blocks += _listed(words("📥 Nobody has taken"), view.unassigned, site, words, take=True)
    if view.everything is not None:
        blocks += _team(view.figures, words)
        blocks += _listed(words("🗺️ Everything that is open"), view.everything, site, words)
    pages = max([view.mine.pages, *([view.everything.pages] if view.everything else [])])
    blocks += _turning(page, pages, "rd:home", words)
    return {"type": "home", "blocks": blocks[:100]}


def listing(page: CasePage, what: str, site: str, words: Words = ENGLISH) -> list[Block]:
    """The answer to `/privacy list` or `find`. `what` is what was asked, carried by the buttons that turn pages."""
    head = words.ngettext("*{count} case*", "*{count} cases*", page.total)
    blocks = [section(head), *[section(case_line(one, site, words)) for one in page.lines]]
    if what == "find":
        more = page.total - len(page.lines)
        return [*blocks, *([context(words.ngettext("… and {count} more", "… and {count} more", more))] if more > 0 else [])]
    return [*blocks, *_turning(page.page, page.pages, "rd:list", words, what)]


def case_line(one: CaseLine, site: str, words: Words) -> str:
    """One case in two lines: when, which, whose, what for."""
    emoji, word = urgency(one.days_left, words)
    ref = thread_link(site, one.channel, one.thread, line(one.ref, 40))
    due = f"*{words.due(one.due, one.days_left or 0)}* ({word})" if one.due is not None else word
    if one.due is None and one.status in STANDING:
        emoji, due = "⏸️", words("the clock stands")
    kind = names.rights(one.rights, words) or words(names.CATEGORIES[one.category])
    alarm = "🚨 " if one.urgent else "👀 " if one.needs_look else ""
    owner = person(one.owner) if one.owner else words("nobody yet")
    tasks = f" · 📋 {one.tasks_done}/{one.tasks}" if one.tasks else ""
    state = f"{STATUS_EMOJI[one.status]} {words(names.STATUSES[one.status])}"
    if one.outcome:
        state += f" ({words(names.OUTCOMES_SHORT[one.outcome])})"
    first = f"{emoji} {alarm}*{ref}* · {kind} · {line(one.controller_name, 60)} · {due}"
    return f"{first}\n{state}{tasks} · {owner} · {sender(one.requester)}"


def _figures(figures: TeamFigures, words: Words) -> str:
    parts = [
        words.ngettext("*{count} case open*", "*{count} cases open*", figures.open),
        f"🔴 {words('overdue')}: {figures.overdue}",
        f"🟠 {words('due soon')}: {figures.due_soon}",
        f"🙋 {words('nobody yet')}: {figures.unassigned}",
        f"👀 {words('needs a look')}: {figures.needs_look}",
        f"⏳ {words('waiting')}: {figures.waiting}",
    ]
    week = words("This week: {opened} opened, {closed} closed").format(opened=figures.opened_week, closed=figures.closed_week)
    return "  ·  ".join(parts) + f"\n{week}"


def _doors(words: Words) -> list[Block]:
    return [
        button(words("New request…"), "rd:new", "-", "primary"),
        button(words("I am away…"), "rd:away", "-"),
        button(words("Refresh"), "rd:home:0", "0"),
    ]


def _away(view: HomeView, words: Words) -> list[Block]:
    said = []
    if view.away_until:
        text, deputy = words("🏖️ You are away until {day}.").format(day=words.day(view.away_until)), view.away_deputy
        acts = words("{deputy} acts for you.").format(deputy=person(deputy)) if deputy else words("Nobody acts for you.")
        said.append(f"{text} {acts}")
    if view.covering:
        said.append(words("🤝 You act for {people}.").format(people=" ".join(person(p) for p in view.covering[:10])))
    return [context("\n".join(said))] if said else []


def _listed(title: str, page: CasePage, site: str, words: Words, *, take: bool = False) -> list[Block]:
    blocks: list[Block] = [{"type": "divider"}, section(f"*{title}* · {page.total}")]
    if not page.lines:
        return [*blocks, context(words("Nothing here."))]
    for one in page.lines:
        beside = {"accessory": button(words("Take"), "rd:home-take", str(one.id))} if take else {}
        blocks.append(section(case_line(one, site, words)) | beside)
    if (more := page.total - page.page * page.size - len(page.lines)) > 0:
        blocks.append(context(words.ngettext("… and {count} more", "… and {count} more", more)))
    return blocks


def _tasks(tasks: tuple[TaskLine, ...], site: str, words: Words) -> list[Block]:
    if not tasks:
        return []
    lines = []
    for one in tasks[:_TASKS]:
        ref = thread_link(site, one.channel, one.thread, line(one.ref, 40))
        due = f" · {words.day(one.due)}" if one.due else ""
        lines.append(f"• {ref}{due} · {line(names.task(one.task.kind, one.task.called(words.language), words), 160)}")
    title = words("📋 My tasks")
    return [{"type": "divider"}, section("\n".join([f"*{title}* · {len(tasks)}", *lines]))]


def _team(figures: TeamFigures, words: Words) -> list[Block]:
    lines = [
        words("{who}: {open} open, {overdue} overdue").format(who=person(who) if who else words("nobody yet"), open=n, overdue=late)
        for who, n, late in figures.by_owner[:30]
    ]
    return [{"type": "divider"}, context(cut("  ·  ".join(lines), CONTEXT))] if lines else []


def _turning(page: int, pages: int, name: str, words: Words, what: str = "") -> list[Block]:
    """Buttons to the page before and after."""
    if pages < 2:
        return []
    turn = []
    if page > 0:
        turn.append(button(words("◀ Before"), f"{name}:before", f"{page - 1}:{what}"))
    if page + 1 < pages:
        turn.append(button(words("Next ▶"), f"{name}:after", f"{page + 1}:{what}"))
    at = context(words("Page {page} of {pages}").format(page=page + 1, pages=pages))
    return [at, {"type": "actions", "elements": turn}]

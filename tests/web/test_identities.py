"""The pages of identities: what waits for a decision, decisions, and the search over all links."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
import requests

from dev.local.postgres import EmbeddedPostgres
from dev.pipelines import Pipelines
from fpl_pulse.errors import SelectionError
from fpl_pulse.etl.manual_decisions import RequestedDecision, decide_manually
from fpl_pulse.etl.mappings import LOCK
from fpl_pulse.web.pages import changing
from fpl_pulse.web.people import User
from tests.db.identity_resolution import TUESDAY, links_of, match_again
from tests.web.browsing import TOKENS, pages_on, text_of
from tests.web.conftest import connector
from tests.web.serving import Client

HOSTILE = "<script>alert(1)</script> \u202eevil 'quoted' \"twice\" 😀 " + "long" * 60
DOUBTED = """
    update pulse.sofasport_players set birth_date = birth_date + 200
    where player_id in (select sofasport_player_id from pulse.player_mappings order by 1 limit 30)
    returning player_id
"""


@dataclass(frozen=True)
class Doubtful:
    """An installation with pairs in review."""

    installation: Pipelines
    pairs: list[tuple[int, int]]
    client: Client

    def decide(self, action: str, player_id: object, code: object, because: str = "seen", **more: str) -> Any:  # noqa: ANN401
        form = {"token": TOKENS.make("Ann"), "kind": "player", "because": because, "action": action}
        data = {**form, "sofasport_id": player_id, "fpl_code": code, **more}
        return self.client.post("/identities/decide/", data=data, allow_redirects=False)

    def decisions(self) -> list[tuple[Any, ...]]:
        rows = self.installation.conn.execute(
            "select sofasport_id, fpl_id, verdict, decided_by, reason from pulse.mapping_decisions order by decision_id"
        )
        return rows.fetchall()


@pytest.fixture(scope="module")
def with_doubts(postgres: EmbeddedPostgres, small_first_week: str, small_league: str) -> Iterator[str]:
    """The name of a database in which birth dates differ, so that pairs are in review."""
    name = "template_with_doubts"
    postgres.create_database(name, template=small_first_week)
    with psycopg.connect(postgres.dsn(name), autocommit=True) as conn:
        doubted = [row[0] for row in conn.execute(DOUBTED).fetchall()]
        conn.execute("delete from pulse.player_mappings where sofasport_player_id = any(%s)", [doubted])
        match_again(Pipelines(conn, small_league))
    yield name
    postgres.drop_database(name)


@pytest.fixture
def doubtful(postgres: EmbeddedPostgres, with_doubts: str, small_league: str) -> Iterator[Doubtful]:
    name = f"test_{uuid.uuid4().hex[:12]}"
    postgres.create_database(name, template=with_doubts)
    with psycopg.connect(postgres.dsn(name), autocommit=True) as conn:
        pairs = conn.execute(
            "select sofasport_id, fpl_id from pulse.mapping_candidates"
            " join pulse.sofasport_players on player_id = sofasport_id"
            " where status = 'review' order by name, sofasport_id, fpl_id"
        ).fetchall()
        assert len(pairs) > 3
        with pages_on(connector(conn)) as client:
            yield Doubtful(Pipelines(conn, small_league), pairs, client)
    postgres.drop_database(name)


def test_a_case_shows_both_sides_and_the_evidence(doubtful: Doubtful) -> None:
    player_id, code = doubtful.pairs[0]
    ours, theirs, first, second = doubtful.installation.conn.execute(
        "select people.name, players.first_name || ' ' || players.second_name,"
        " to_char(people.birth_date, 'FMDD Mon YYYY'), to_char(players.birth_date, 'FMDD Mon YYYY')"
        " from pulse.sofasport_players as people, pulse.fpl_players as players"
        " where people.player_id = %s and players.code = %s",
        doubtful.pairs[0],
    ).fetchall()[0]
    evidence = doubtful.installation.one(
        "select evidence from pulse.mapping_candidates where sofasport_id = %s and fpl_id = %s", player_id, code
    )
    shown = text_of(doubtful.client.get("/identities/").text)
    assert f"{len({pair[0] for pair in doubtful.pairs})} players and clubs wait for a decision" in shown
    case = text_of(doubtful.client.get(f"/identities/player/{player_id}/").text)
    for page in (shown, case):
        assert f"SofaSport {player_id} FPL {code} in review Name {ours} {theirs}" in page
        assert f"Birth date {first} {second} different" in page
        assert f"Evidence {evidence}" in page
        assert "birth date different" in evidence


def test_accepting_a_pair_links_it_and_the_next_run_keeps_it(doubtful: Doubtful) -> None:
    player_id, code = doubtful.pairs[0]
    answer = doubtful.decide("accept", player_id, code, because="  same\n shirt ")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"../../identities/player/{player_id}/")
    assert links_of(doubtful.installation)[player_id] == code
    assert doubtful.decisions() == [(player_id, code, "link", "Ann", "same shirt")]
    match_again(doubtful.installation, weeks=1)
    assert links_of(doubtful.installation)[player_id] == code
    shown = text_of(doubtful.client.get("/identities/?status=decided").text)
    assert re.search(r"linked .* Linked by Ann, \d+ \w+ \d{4}: same shirt", shown)
    assert f"Ann link {code} same shirt" in text_of(doubtful.client.get(f"/identities/player/{player_id}/").text)


def test_a_rejected_pair_leaves_the_queue_until_the_decision_is_withdrawn(doubtful: Doubtful) -> None:
    pair = doubtful.pairs[0]
    assert doubtful.decide("reject", *pair).status_code == 303
    match_again(doubtful.installation, weeks=1)
    assert f"FPL {pair[1]} in review" not in text_of(doubtful.client.get("/identities/").text)
    assert "1 pair." in text_of(doubtful.client.get("/identities/?status=rejected").text)
    assert doubtful.decide("withdraw", *pair, because="I was wrong").status_code == 303
    assert f"FPL {pair[1]} in review" in text_of(doubtful.client.get("/identities/").text)
    assert [row[2] for row in doubtful.decisions()] == ["reject", "withdraw"]


def test_any_pair_can_be_linked_by_its_ids(doubtful: Doubtful) -> None:
    (player_id, _), (_, other) = doubtful.pairs[:2]
    assert doubtful.decide("link", player_id, other).status_code == 303
    assert links_of(doubtful.installation)[player_id] == other


def test_a_club_can_be_decided_too(doubtful: Doubtful) -> None:
    statement = "select sofasport_team_id, fpl_team_code from pulse.team_mappings order by 1"
    pair = doubtful.installation.conn.execute(statement).fetchall()[0]
    answer = doubtful.decide("reject", *pair, kind="team")
    assert answer.headers["Location"] == f"../../identities/team/{pair[0]}/"
    assert pair not in doubtful.installation.conn.execute(statement).fetchall()
    shown = text_of(doubtful.client.get("/identities/").text)
    assert "FPL's clubs without a link" in shown
    assert f"({pair[1]})" in shown


@pytest.mark.parametrize("action", ["accept", "reject"])
def test_a_form_that_is_sent_twice_decides_once(doubtful: Doubtful, action: str) -> None:
    assert doubtful.decide(action, *doubtful.pairs[0]).status_code == 303
    again = doubtful.decide(action, *doubtful.pairs[0])
    assert again.status_code == 409
    assert "by Ann on " in text_of(again.text)
    assert len(doubtful.decisions()) == 1


def test_an_impossible_decision_is_refused_with_the_sentence_of_the_command(doubtful: Doubtful) -> None:
    (player_id, _), (_, other) = doubtful.pairs[:2]
    context = doubtful.installation.context("update_lineups", TUESDAY)
    for action, first, second in (
        ("accept", player_id, other),
        ("link", 2**31 - 1, other),
        ("link", player_id, 2**31 - 1),
        ("withdraw", player_id, other),
    ):
        wanted = RequestedDecision(action, "player", first, second, "Ann", "seen")  # type: ignore[arg-type]
        with pytest.raises(SelectionError) as refused:
            decide_manually(context, wanted)
        answer = doubtful.decide(action, first, second)
        assert answer.status_code == 409
        assert answer.json()["detail"] == f"{refused.value} Nothing was changed."
    assert doubtful.decisions() == []


WRONG_FORMS: list[tuple[dict[str, str], dict[str, str], int]] = [
    ({"token": ""}, {}, 403),
    ({"token": "forged.token.here"}, {}, 403),
    ({"token": TOKENS.make("Bob")}, {}, 403),
    ({}, {"Sec-Fetch-Site": "cross-site"}, 403),
    ({"because": " \u200b\n"}, {}, 422),
    ({"because": "x" * 501}, {}, 422),
    ({"action": "delete"}, {}, 422),
    ({"kind": "fixture"}, {}, 422),
    ({"sofasport_id": "0"}, {}, 422),
    ({"sofasport_id": "1; drop table x"}, {}, 422),
    ({"fpl_code": str(2**31)}, {}, 422),
]


def test_a_form_that_is_not_right_changes_nothing(changing_pages: tuple[Pipelines, Client]) -> None:
    installation, client = changing_pages
    before = links_of(installation)
    player_id, code = next(iter(before.items()))
    right = {"token": TOKENS.make("Ann"), "kind": "player", "action": "reject", "because": "x"}
    right |= {"sofasport_id": str(player_id), "fpl_code": str(code)}
    for wrong, headers, status in WRONG_FORMS:
        answer = client.post("/identities/decide/", data={**right, **wrong}, headers=headers)
        assert answer.status_code == status, wrong
    for name in right:
        data = {key: value for key, value in right.items() if key != name}
        assert client.post("/identities/decide/", data=data).status_code == 422, name
    assert links_of(installation) == before
    assert installation.one("select count(*) from pulse.mapping_decisions") == 0
    # The form without a fault is accepted, so the others were refused for theirs.
    assert client.post("/identities/decide/", data=right, allow_redirects=False).status_code == 303


def test_who_may_only_read_sees_no_form_and_cannot_decide(doubtful: Doubtful) -> None:
    with pages_on(connector(doubtful.installation.conn), User("Ann", may_decide=False)) as reader:
        pages = [reader.get(path).text for path in ("/identities/", f"/identities/player/{doubtful.pairs[0][0]}/")]
        assert [page for page in pages if 'method="post"' in page] == []
        assert "You may read but not decide" in pages[0]
        answer = Doubtful(doubtful.installation, [], reader).decide("accept", *doubtful.pairs[0])
    assert answer.status_code == 403
    assert doubtful.decisions() == []


def test_hostile_reasons_and_names_are_shown_as_text(doubtful: Doubtful) -> None:
    player_id, code = doubtful.pairs[0]
    doubtful.installation.conn.execute(
        "update pulse.sofasport_players set name = %s where player_id = %s", [HOSTILE, player_id]
    )
    assert doubtful.decide("reject", player_id, code, because=f"{HOSTILE}\0\x07").status_code == 303
    for path in ("/identities/", f"/identities/?search={player_id}", f"/identities/player/{player_id}/"):
        page = doubtful.client.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in doubtful.client.get(f"/identities/player/{player_id}/").text
    assert "\0" not in doubtful.decisions()[0][4]


def test_while_a_run_resolves_identities_a_decision_is_refused_soon(
    doubtful: Doubtful, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changing, "LOCK_LIMIT_S", 1)
    with doubtful.installation.conn.transaction():
        doubtful.installation.conn.execute(LOCK)
        answer = doubtful.decide("accept", *doubtful.pairs[0])
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "Nothing was changed. Try again in a minute." in answer.text
    assert doubtful.decisions() == []
    assert doubtful.decide("accept", *doubtful.pairs[0]).status_code == 303


def test_a_decision_survives_the_way_of_a_browser(doubtful: Doubtful) -> None:
    """The form as the page has it, with its own token and the button that was pressed."""
    page = doubtful.client.get("/identities/").text
    form = re.search(r'<form class="decide stacked" method="post" action="([^"]+)".*?</form>', page, re.DOTALL)
    assert form
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', form[0]))
    path = f"/identities/{form[1]}".replace("/identities/../", "/")
    answer = doubtful.client.post(path, data={**fields, "because": "seen", "action": "accept"})
    assert answer.url.endswith(f"/identities/player/{fields['sofasport_id']}/")
    assert "linked" in text_of(answer.text)


@pytest.fixture
def many(small: Pipelines) -> Pipelines:
    """A thousand players more, each linked."""
    small.conn.execute(
        "insert into pulse.sofasport_players (player_id, name) select number, 'Ødegård Nº ' || number || %s"
        " from generate_series(9000001, 9001000) as number",
        [HOSTILE],
    )
    small.conn.execute(
        "insert into pulse.player_mappings (sofasport_player_id, fpl_code, method, confidence, evidence, made_at,"
        " confirmed_at) select number, number, 'name', 1, %s, now(), now()"
        " from generate_series(9000001, 9001000) as number",
        [HOSTILE],
    )
    return small


def numbers_on(page: requests.Response) -> set[int]:
    return {int(number) for number in re.findall(r"identities/player/(9\d{6})/", page.text)}


def test_a_thousand_links_are_shown_page_by_page(many: Pipelines) -> None:
    with pages_on(connector(many.conn)) as client:
        seen: set[int] = set()
        address = "?search=odegard&kind=player&status=linked"
        pages = 0
        while address:
            page = client.get(f"/identities/{address}")
            shown = numbers_on(page)
            assert 0 < len(shown) <= 50
            assert not shown & seen
            assert "<script>alert" not in page.text
            seen |= shown
            pages += 1
            following = re.search(r'href="\./(\?[^"]+)" rel="next"', page.text)
            address = following[1].replace("&amp;", "&") if following else ""
        assert (len(seen), pages) == (1000, 20)
        assert numbers_on(client.get("/identities/?search=9000777")) == {9000777}
        assert "The list ends before this place" in text_of(client.get("/identities/?offset=100000").text)
        assert "No pair fits" in text_of(client.get("/identities/?search=nobody+of+this+name").text)
        assert numbers_on(client.get("/identities/?search=odegard&kind=team")) == set()


@pytest.mark.parametrize("query", ["kind=fixture", "status=x", "offset=-1", "queue=x", f"search={'x' * 101}"])
def test_a_wrong_parameter_is_refused(pages: Client, query: str) -> None:
    assert pages.get(f"/identities/?{query}").status_code == 422


@pytest.mark.parametrize("path", ["player/1", "team/1"])
def test_an_unknown_id_is_not_found(pages: Client, path: str) -> None:
    assert pages.get(f"/identities/{path}/").status_code == 404


@pytest.mark.parametrize("path", ["player/0", "fixture/1", f"player/{2**31}", "player/x"])
def test_what_is_no_id_is_refused(pages: Client, path: str) -> None:
    assert pages.get(f"/identities/{path}/").status_code == 422


def test_a_link_is_not_lost_when_the_resolution_fails(doubtful: Doubtful, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise psycopg.errors.DeadlockDetected

    monkeypatch.setattr("fpl_pulse.etl.deciding.reconcile_cards", fail)
    before = links_of(doubtful.installation)
    assert doubtful.decide("accept", *doubtful.pairs[0]).status_code == 503
    assert (links_of(doubtful.installation), doubtful.decisions()) == (before, [])

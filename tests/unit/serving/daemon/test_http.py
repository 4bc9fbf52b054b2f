"""The interface of the daemon: who is let in, what comes out, which errors say what."""

import datetime as dt
import socket

import httpx
import pyarrow as pa
import pytest

from foundation.home import Home
from foundation.run_index import EndedRun
from serving import freshness
from serving.daemon.requests import ARROW_TYPE
from tests.support.daemon import Daemon
from tests.unit.serving.fake_work import PLAN

RELEASE = "r000001-"


def test_an_answer_names_its_release_and_types(daemon: Daemon) -> None:
    answer = daemon.query(
        "select consignment_id, day, value_vnd from core.fct_consignments"
        " where day >= '2026-03-01' order by day"
    )
    assert answer.status_code == 200
    document = answer.json()
    assert document["release_id"] == answer.headers["X-Release-Id"]
    assert document["release_id"].startswith(RELEASE)
    assert [column["type"] for column in document["columns"]] == [
        "VARCHAR",
        "DATE",
        "DECIMAL(18,2)",
    ]
    # A decimal is text: 990000.50 must not become 990000.5 in a reader's floating point.
    assert document["rows"] == [["P-1", "2026-03-10", "990000.50"], ["P-2", "2026-03-11", None]]
    assert (document["row_count"], document["truncated"]) == (2, False)


def test_values_without_a_word_in_json_are_text(daemon: Daemon) -> None:
    answer = daemon.query(
        "select 'nan'::double, 9007199254740993, true, '\\xAB'::blob, [1, null],"
        " {'a': 1.5::double}, timestamp '2026-01-02 03:04:05',"
        " 170141183460469231731687303715884105727"
    )
    assert answer.json()["rows"] == [
        [
            "nan",
            "9007199254740993",
            True,
            "qw==",
            [1, None],
            {"a": 1.5},
            "2026-01-02T03:04:05",
            "170141183460469231731687303715884105727",
        ]
    ]
    unspeakable = daemon.query("select 'infinity'::date as a")
    assert unspeakable.status_code == 400
    assert "cast it to varchar" in unspeakable.json()["error"]["what"]


def test_arrow_has_the_same_rows_and_types(daemon: Daemon) -> None:
    sql = "select day, value_vnd from core.fct_consignments where day >= '2026-03-01' order by day"
    with daemon.client() as client:
        answer = client.post(
            "/v1/query",
            json={"sql": sql},
            headers={"Accept": ARROW_TYPE},
        )
    table = pa.ipc.open_stream(answer.content).read_all()
    assert answer.headers["Content-Type"] == ARROW_TYPE
    assert answer.headers["X-Release-Id"].startswith(RELEASE)
    assert (answer.headers["X-Row-Count"], answer.headers["X-Truncated"]) == ("2", "false")
    assert table.schema.types == [pa.date32(), pa.decimal128(18, 2)]
    assert table.column("day").to_pylist() == [dt.date(2026, 3, 10), dt.date(2026, 3, 11)]


def test_parameters_are_values_and_never_sql(daemon: Daemon) -> None:
    sql = "select count(*) as n from core.fct_consignments where consignment_id = "
    for mark, parameters in (("?", ["P-1"]), ("$1", ["P-1"]), ("$wanted", {"wanted": "P-1"})):
        assert daemon.query(sql + mark, parameters=parameters).json()["rows"] == [[1]]
    hostile = daemon.query(sql + "?", parameters=["' or 1=1 --"])
    assert hostile.json()["rows"] == [[0]]
    assert daemon.query("select ?", parameters=[]).status_code == 400


def test_only_a_stated_limit_cuts_a_result(daemon: Daemon) -> None:
    cut = daemon.query("select * from range(6000)", limit_rows=10).json()
    assert (cut["row_count"], cut["truncated"], len(cut["rows"])) == (10, True, 10)
    whole = daemon.query("select * from range(10)", limit_rows=10).json()
    assert (whole["row_count"], whole["truncated"]) == (10, False)
    assert daemon.query("select * from range(5000)").json()["row_count"] == 5000
    assert daemon.query("select * from range(5001)").json()["error"]["code"] == "too_large"
    long = "select repeat('x', 1000) from range(3000)"
    assert daemon.query(long).json()["error"]["code"] == "too_large"


def test_tables_are_described_in_both_languages_for_the_audience(daemon: Daemon) -> None:
    with daemon.client() as client:
        found = client.get("/v1/tables").json()
    assert found["release_id"].startswith(RELEASE)
    named = {f"{table['schema']}.{table['name']}": table for table in found["tables"]}
    consignments = named["core.fct_consignments"]
    assert consignments["comment"]["vi"] == "Lô hàng"
    assert consignments["comment"]["en"].startswith("Consignments")
    assert consignments["columns"][0]["comment"]["en"] == "Its id"
    with daemon.client("ministry") as client:
        names = {table["name"] for table in client.get("/v1/tables").json()["tables"]}
    others = {table.table for table in PLAN.tables if "ministry" not in table.audiences}
    assert "rpt_platforms" in names
    assert "fct_consignments" in others
    assert names & others == set()


def test_the_current_release_shows_each_audience_its_own_facts(daemon: Daemon) -> None:
    for audience in ("customs", "ministry"):
        with daemon.client(audience) as client:
            found = client.get("/v1/releases/current").json()
        assert found["release_id"].startswith(RELEASE)
        assert found["run_facts"]["run_id"] == "run-1"
        assert ("history_superseded" in found["run_facts"]) == (audience == "customs")


def test_the_current_release_says_that_a_later_run_was_refused(daemon: Daemon) -> None:
    home = Home(daemon.log.parent / "home")
    refused = EndedRun("run-2", "refused", "2026-03-12", "2026-03-12", None, "2026-03-12T02:10Z")
    with daemon.client("ministry") as client:
        assert client.get("/v1/releases/current").json()["freshness"] is None
        freshness.write(home, freshness.freshness(home, refused, ()))
        found = client.get("/v1/releases/current").json()["freshness"]
    assert (found["state"], found["data_to"]) == ("behind", "2026-03-11")
    assert found["sentence"]["en"].endswith("The last run (2026-03-12T02:10Z) was refused.")


@pytest.mark.parametrize("path", ["/v1/tables", "/v1/releases/current", "/v1/query"])
@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer wrong", "Basic Y3VzdG9tczp4", "Bearer a b", "Bearer ÿ"],
)
def test_nothing_is_read_without_a_known_token(
    daemon: Daemon, path: str, header: str | None
) -> None:
    headers = {} if header is None else {"Authorization": header.encode()}
    with daemon.client(None) as client:
        method = "POST" if path.endswith("query") else "GET"
        answer = client.request(method, path, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["error"]["code"] == "unauthorised"
    assert "release_id" not in answer.headers


def test_health_and_description_need_no_token_and_hold_no_data(daemon: Daemon) -> None:
    with daemon.client(None) as client:
        health, described = client.get("/v1/health"), client.get("/openapi.json")
    assert (health.status_code, health.json()) == (200, {"status": "ok"})
    assert described.json()["openapi"] == "3.1.0"
    assert RELEASE not in health.text + described.text.replace("r000042-0123abcd", "")


MALFORMED: list[tuple[str, bytes, dict[str, str], int, str]] = [
    ("no json", b"select 1", {}, 400, "request_malformed"),
    ("no object", b"[1]", {}, 400, "request_malformed"),
    ("no sql", b"{}", {}, 400, "request_malformed"),
    ("empty sql", b'{"sql": "  "}', {}, 400, "request_malformed"),
    ("sql is a number", b'{"sql": 1}', {}, 400, "request_malformed"),
    ("nul", b'{"sql": "select 1\\u0000"}', {}, 400, "request_malformed"),
    ("half a pair", b'{"sql": "select \\ud800"}', {}, 400, "request_malformed"),
    ("not utf-8", b'{"sql": "\xff"}', {}, 400, "request_malformed"),
    ("misspelt", b'{"sql": "select 1", "limit": 1}', {}, 400, "request_malformed"),
    ("limit 0", b'{"sql": "select 1", "limit_rows": 0}', {}, 400, "request_malformed"),
    ("limit true", b'{"sql": "select 1", "limit_rows": true}', {}, 400, "request_malformed"),
    ("limit too high", b'{"sql": "select 1", "limit_rows": 5001}', {}, 400, "request_malformed"),
    ("list in list", b'{"sql": "select ?", "parameters": [[1]]}', {}, 400, "request_malformed"),
    ("NaN", b'{"sql": "select ?", "parameters": [NaN]}', {}, 400, "request_malformed"),
    ("too big", b'{"sql": "select ?", "parameters": [1e999]}', {}, 400, "request_malformed"),
    ("huge int", b'{"sql": "select ?", "parameters": [%s]}' % (b"9" * 5000), {}, 400,
     "request_malformed"),
    ("deep", b"[" * 200_000, {}, 400, "request_malformed"),
    ("long", b'{"sql": "select 1 --%s"}' % (b"x" * 300_000), {}, 413, "request_too_large"),
    ("form", b"sql=select+1", {"Content-Type": "application/x-www-form-urlencoded"}, 415,
     "media_type"),
    ("accept", b'{"sql": "select 1"}', {"Accept": "text/html"}, 406, "not_acceptable"),
]  # fmt: skip


@pytest.mark.parametrize("case", MALFORMED, ids=lambda case: case[0])
def test_a_malformed_request_is_told_what_is_wrong(
    daemon: Daemon, case: tuple[str, bytes, dict[str, str], int, str]
) -> None:
    _, body, headers, status, code = case
    with daemon.client() as client:
        answer = client.post(
            "/v1/query", content=body, headers={"Content-Type": "application/json", **headers}
        )
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert error["code"] == code
    assert all(error[name] for name in ("what", "where", "remedy"))


def test_a_body_without_a_length_is_limited_too(daemon: Daemon) -> None:
    def chunks():
        for _ in range(100):
            yield b"x" * 10_000

    with daemon.client() as client:
        answer = client.post(
            "/v1/query", content=chunks(), headers={"Content-Type": "application/json"}
        )
    assert answer.status_code == 413


def test_unknown_paths_and_methods_are_json_errors(daemon: Daemon) -> None:
    with daemon.client() as client:
        for path in ("/", "/v1", "/v1/tables/", "/v1/../v1/nothing", "/%2e%2e/etc/passwd"):
            answer = client.get(path)
            assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
        answer = client.get("/v1/query")
        assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_an_answer_is_never_kept_by_a_cache_and_names_no_server(daemon: Daemon) -> None:
    answers: list[httpx.Response] = [daemon.query("select 1"), daemon.query("drop table x")]
    with daemon.client() as client:
        answers += [client.get(path) for path in ("/v1/tables", "/nothing", "/v1/health")]
    for answer in answers:
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "server" not in answer.headers


def test_what_is_no_http_does_no_harm(daemon: Daemon) -> None:
    port = int(daemon.url.rsplit(":", 1)[1])
    for bytes_sent in (b"\x16\x03\x01\x00", b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 20_000, b"\x00"):
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            connection.sendall(bytes_sent + b"\r\n\r\n")
            connection.recv(1_000)
    assert daemon.value("select 1") == 1

"""Is the record whole: the chain, the heads that releases published, and every file it names.

Add here another witness that the ledger can be held against. Keep out: how a file is checked
(ingest, serving and expectations know their own) and printing (commands).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from expectations.verdict import load_verdict, verdict_path
from foundation.errors import GateRefusal, UsageError, WarehouseError
from foundation.findings import Finding
from foundation.home import Home
from foundation.sealed import sealed_files
from ingest.store.claims import Claims
from ledger.chain import Ledger
from ledger.editions import EDITION
from ledger.entries import Entry, Head
from serving.audit import history_findings, readable_releases, release_findings
from serving.current import Release


@dataclass(frozen=True)
class Audit:
    """What was checked. end: of the chain. heads: published heads that were looked up in it."""

    end: Head
    heads: int
    releases: int
    files: int
    findings: tuple[Finding, ...]

    def to_json(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "entries": self.end.seq,
            "end": self.end.to_json(),
            "published_heads": self.heads,
            "releases": self.releases,
            "files": self.files,
            "verified": not self.findings,
            "findings": [finding.to_json() for finding in self.findings],
        }


def parse_head(text: str) -> Head:
    """`SEQ:HASH`, as `ledger verify` prints it, noted outside this machine."""
    seq, _, sha256 = text.partition(":")
    if not seq.isdigit() or len(sha256) != 64:
        raise UsageError(
            f"{text!r} is no head of a ledger",
            where="--head",
            remedy="give NUMBER:HASH, as an earlier `import-risk ledger verify` printed it",
        )
    return Head(int(seq), sha256)


def audit(home: Home, *, deep: bool = False, heads: Iterable[Head] = ()) -> Audit:
    """Check the ledger of `home` against itself and its witnesses, `deep` also every file.

    heads: ends of the chain that were noted elsewhere. Raises WarehouseError when the chain itself
    is broken: then nothing that it says can be checked.
    """
    found, damaged = readable_releases(home)
    wanted = [(head, "a head given on the command line") for head in heads]
    for release in found:
        try:
            published = release.manifest["run_facts"].get("ledger_head")
            wanted += [(Head(**published), release.release_id)] if published else []
        except (KeyError, TypeError, AttributeError):
            where = f"releases/{release.release_id}/manifest.json"
            damaged.append(Finding(where, "names no head of a ledger"))
    hashes: dict[int, str | None] = {head.seq: None for head, _ in wanted}
    recorded: dict[str, Mapping[str, Any]] = {}
    verdicts: dict[tuple[str, str], Entry] = {}
    claims = Claims(home)
    filed: list[Entry] = []
    end = Head()
    for entry in Ledger(home.ledger).verified():
        end = Head(entry.seq, entry.hash)
        if entry.seq in hashes:
            hashes[entry.seq] = entry.hash
        if entry.kind == "release" and "release_id" in entry.body:
            recorded[entry.body["release_id"]] = entry.body
        if deep:
            claims.add(entry)
            if entry.kind == "verdict":
                verdicts[(entry.body["run_id"], entry.body["gate"])] = entry
            if entry.kind == EDITION:
                filed.append(entry)
    findings = [*damaged, *_cut_tails(wanted, hashes, end), *_unrecorded(found, recorded)]
    if deep:
        findings += claims.findings()
        findings += _verdict_findings(home, verdicts)
        findings += _edition_findings(home, filed)
        for release in found:
            said = recorded.get(release.release_id, {}).get("manifest_sha256")
            findings += release_findings(home, release, said)
        findings += history_findings(home, found)
    files = len(claims.files) + len(verdicts) + len(filed)
    return Audit(end, len(wanted), len(found), files, tuple(findings))


def _cut_tails(
    wanted: list[tuple[Head, str]], hashes: Mapping[int, str | None], end: Head
) -> Iterator[Finding]:
    for head, said_by in wanted:
        if head.seq and hashes[head.seq] is None:
            what = f"ends at entry {end.seq}, {said_by} saw entry {head.seq}: the tail was cut"
            yield Finding("inputs/ledger.jsonl", what)
        elif head.seq and hashes[head.seq] != head.hash:
            what = f"entry {head.seq} is not the one that {said_by} saw: it was written anew"
            yield Finding("inputs/ledger.jsonl", what)


def _unrecorded(found: list[Release], recorded: Mapping[str, Any]) -> Iterator[Finding]:
    for release in found:
        if release.release_id not in recorded:
            yield Finding(
                f"releases/{release.release_id}",
                "is published, and no entry says so: the tail was cut, or the process died right "
                "after publishing (then a run of the same days records it)",
            )


def _edition_findings(home: Home, filed: Iterable[Entry]) -> Iterator[Finding]:
    for entry in filed:
        folder = entry.body["folder"]
        try:
            sealed_files(home.root / folder, entry.body["manifest_sha256"])
        except WarehouseError as error:
            yield Finding(folder, f"{error.what}: {error.where}; ledger entry {entry.seq} names it")


def _verdict_findings(home: Home, verdicts: Mapping[tuple[str, str], Entry]) -> Iterator[Finding]:
    for (run_id, gate), entry in verdicts.items():
        path = verdict_path(home.runs / run_id, gate)
        where = str(path.relative_to(home.root))
        try:
            verdict = load_verdict(path)
        except GateRefusal as error:
            yield Finding(where, f"{error.what}; ledger entry {entry.seq} names it")
            continue
        said = entry.body
        same = (said["passed"], said["subject_hash"]) == (verdict.passed, verdict.subject_hash)
        stated = said.get("verdict_sha256")
        if not same or stated not in (None, verdict.document()["verdict_sha256"]):
            yield Finding(where, f"is another verdict than ledger entry {entry.seq} records")

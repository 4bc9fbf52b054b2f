"""Which files the ledger answers for, and whether they still have the content it names.

Add here a kind of entry that names a file at rest of ingest. Keep out: the chain itself
(ledger.py), verdicts and releases (their packages know them), and repair (restore a backup).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from foundation.findings import Finding, compared
from foundation.home import Home
from foundation.progress import report
from ingest.reference.editions import parquet_path
from ingest.store.landing import input_path
from ledger.entries import Entry
from ledger.model_periods import CANDIDATE


@dataclass
class Claims:
    """Path below the home -> (sha256, entry number), as entries come.

    Memory grows with the number of files (some 300 bytes each), never with their size. Not covered:
    the kept names of delivered files (inputs/names), whose content no entry names.
    """

    home: Home
    files: dict[str, tuple[str, int]] = field(default_factory=dict)

    def add(self, entry: Entry) -> None:
        """Take one more entry into account: what it names, and what it says was removed."""
        body = entry.body
        if entry.kind == "delivery":
            for name in ("sha256", "container_sha256", "manifest_sha256"):
                if body.get(name):
                    path = input_path(self.home, body[name])
                    self.files[str(path.relative_to(self.home.root.absolute()))] = (
                        body[name],
                        entry.seq,
                    )
            for store in ("raw", "quarantine"):
                if body.get(f"{store}_file") and body.get(f"{store}_sha256"):
                    self.files[body[f"{store}_file"]] = (body[f"{store}_sha256"], entry.seq)
        elif entry.kind == "rotation":  # every raw file of the old key is gone
            raw = f"{self.home.raw.name}/"
            self.files = {
                path: said for path, said in self.files.items() if not path.startswith(raw)
            }
            for file in body["files"]:
                self.files[file["raw_file"]] = (file["raw_sha256"], entry.seq)
        elif entry.kind == "retention":
            for file in body["files"]:
                self.files.pop(file["path"], None)
        elif entry.kind == "reference":
            path = parquet_path(self.home, body["kind"], body["sha256"])
            named = str(path.relative_to(self.home.root))
            self.files[named] = (body["parquet_sha256"], entry.seq)
        elif entry.kind == CANDIDATE:
            self.files[body["file"]] = (body["sha256"], entry.seq)

    def findings(self) -> Iterator[Finding]:
        """Every file that is gone or differs; each is read once, in chunks."""
        for number, (path, (sha256, seq)) in enumerate(self.files.items(), start=1):
            report("files of the ledger", number, len(self.files))
            yield from compared(self.home.root, path, sha256, f"ledger entry {seq}")

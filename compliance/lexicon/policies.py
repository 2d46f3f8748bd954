"""What can be cited (``lexicons/policies``), and the inventory of all rules that were collected."""

from __future__ import annotations

from collections import defaultdict

from compliance.lexicon.bundle import Clause, InventoryRow
from compliance.lexicon.reader import Reader
from compliance.lexicon.schema import ClauseFile, ClauseModel, InventoryFile, LabelsFile
from compliance.model import Citation

__all__ = ["Policies", "read_inventory"]

_LABELS = "policies/labels.yaml"


class Policies:
    """The clauses of a folder.

    Attributes:
        clauses: id -> clause.
        cited: what a rule may write under ``cite`` -> clauses: a clause id, or an inventory row in lower case, which
            stands for all clauses that carry it.
    """

    def __init__(self, reader: Reader) -> None:
        self.clauses: dict[str, Clause] = {}
        self.cited: dict[str, list[Clause]] = defaultdict(list)
        labels = reader.single(_LABELS, LabelsFile)
        self._labels: dict[str, str | None] = dict(labels[1].root) if labels else {}
        for source in reader.sources("policies"):
            if source.name == _LABELS:
                continue
            file = reader.parse(source, ClauseFile, source.data)
            for index, clause in enumerate(file.clauses if file else ()):
                if clause.id in self.clauses:
                    reader.report(source, f"clause id {clause.id!r} stands twice", "clauses", index)
                elif file:
                    self._add(file, clause)

    def _add(self, file: ClauseFile, model: ClauseModel) -> None:
        level = model.verification or file.verification
        clause = self.clauses[model.id] = Clause(
            model.id,
            file.issuer,
            level,
            Citation(
                document=file.short or file.document,
                clause=model.clause,
                title=model.title,
                effective_from=model.effective_from,
                effective_to=model.effective_to,
                verification=self._labels.get(level) or level,
                url=model.url or file.url,
                penalty=model.penalty,
            ),
        )
        for reference in dict.fromkeys((model.id, *map(str.lower, model.inventory))):
            self.cited[reference].append(clause)


def read_inventory(reader: Reader) -> tuple[InventoryRow, ...]:
    """Read ``inventory.yaml``, if the folder has one."""
    if not (reader.root / "inventory.yaml").is_file():
        return ()
    found = reader.single("inventory.yaml", InventoryFile)
    if found is None:
        return ()
    source, file = found
    seen: set[str] = set()
    for index, row in enumerate(file.rows):
        if row.id in seen:
            reader.report(source, f"row {row.id} stands twice", "rows", index)
        seen.add(row.id)
    return tuple(
        InventoryRow(
            number=row.no,
            id=row.id,
            platform=row.platform,
            categories=tuple(row.categories),
            rule=row.rule,
            severity=row.severity,
            verification=row.verification,
            fate=row.fate,
            needs=tuple(row.needs),
            reason=row.reason,
        )
        for row in file.rows
    )

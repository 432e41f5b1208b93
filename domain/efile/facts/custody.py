"""Facts of legal holds and of confidentiality: each shape once, recorded of a file or of a case."""

from dataclasses import dataclass
from typing import ClassVar

from domain.efile.facts.dated import Dated
from domain.efile.vocabulary import Confidentiality
from domain.kernel import Code, Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfidentialityChanged(Dated):
    """Version 1 of these facts did not say the day."""

    old: Confidentiality
    new: Confidentiality
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalHoldPlaced(Dated):
    """`voids_approval`: the destruction had been approved, and is so no more. Version 1 of the fact said neither that
    nor the day; None: such a hold made void what approval there was."""

    hold: int
    authority: Code
    reason: Sealed[str]
    voids_approval: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalHoldReleased(Dated):
    hold: int
    authority: Code
    reason: Sealed[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileConfidentialityChanged(ConfidentialityChanged):
    """The file was classified otherwise from now on; what was wrong from the beginning is corrected instead."""

    topic: ClassVar[str] = "efile.file_confidentiality_changed.v2"
    kind: ClassVar[str] = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseConfidentialityChanged(ConfidentialityChanged):
    """The case was classified otherwise from now on; what was wrong from the beginning is corrected instead."""

    topic: ClassVar[str] = "efile.case_confidentiality_changed.v2"
    kind: ClassVar[str] = "case"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLegalHoldPlaced(LegalHoldPlaced):
    """The file must not be destroyed for now; `hold` counts its holds. It covers the cases of the file."""

    topic: ClassVar[str] = "efile.file_legal_hold_placed.v2"
    kind: ClassVar[str] = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLegalHoldPlaced(LegalHoldPlaced):
    """The case must not be destroyed for now; `hold` counts its holds."""

    topic: ClassVar[str] = "efile.case_legal_hold_placed.v2"
    kind: ClassVar[str] = "case"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLegalHoldReleased(LegalHoldReleased):
    """One hold of the file is lifted; others stay."""

    topic: ClassVar[str] = "efile.file_legal_hold_released.v2"
    kind: ClassVar[str] = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLegalHoldReleased(LegalHoldReleased):
    """One hold of the case is lifted; others stay."""

    topic: ClassVar[str] = "efile.case_legal_hold_released.v2"
    kind: ClassVar[str] = "case"

"""What the list reckons while it is filled in.

Only what Excel 2010, WPS and LibreOffice all know; no name of ours, no macro.
"""

from __future__ import annotations

from fupin_audit.corrections.form import (
    BY,
    COLUMNS,
    CORRECTED,
    DONE,
    EVIDENCE,
    NUMBER,
    OUTCOME,
    TRUE,
    UNSURE,
)
from fupin_audit.model.sheet import column_letter
from fupin_audit.report.workbook.formulas import id_right, id_sum

COMPLETE = "已填全"
CLEAR = "清空"
"""What is typed where a cell is to be emptied."""

GOOD_ID, BAD_ID = "校验通过", "校验不通过"

_AT = {name: column_letter(i) for i, name in enumerate(COLUMNS)}
CHECK_AT = column_letter(len(COLUMNS))
ORDER_AT = column_letter(len(COLUMNS) + 1)
_FAR = 10_000_000  # beyond any number of a finding


def check(row: int, kind: str) -> str:
    """Return the formula that tells whether a line is complete; of an id that was
    typed, whether its check character is right.

    Args:
        kind: `id`, `none` (the finding is about no single cell) or another.
    """
    outcome, value = f"{_AT[OUTCOME]}{row}", f"{_AT[CORRECTED]}{row}"
    evidence, by = f"{_AT[EVIDENCE]}{row}", f"{_AT[BY]}{row}"
    done = f'IF({value}="","请填更正值","{COMPLETE}")' if kind != "none" else '"请直接改原表"'
    state = (
        f'IF({outcome}="",IF({value}&{evidence}="","","请选处理结果"),'
        f'IF({outcome}="{DONE}",{done},'
        f'IF({value}<>"","请删去更正值",'
        f'IF({outcome}="{TRUE}",IF({evidence}="","请填佐证材料",'
        f'IF({by}="","请填核实人","{COMPLETE}")),'
        f'IF({outcome}="{UNSURE}","{COMPLETE}","请从下拉框选")))))'
    )
    if kind != "id":
        return f"={state}"
    text = f'SUBSTITUTE({value}," ","")'
    right = id_right(text)
    long = f"OR(LEN({text})=18,LEN({text})=20)"  # a disability card begins with the id
    told = (
        f'IF({long},IF(ISERROR({id_sum(text)}),"{BAD_ID}",IF({right},"{GOOD_ID}","{BAD_ID}")),'
        f'"{BAD_ID}")'
    )
    other = f'OR({value}="",{value}="{CLEAR}",AND({outcome}<>"",{outcome}<>"{DONE}"))'
    return f"=IF({other},{state},{told})"


def complete(row: int) -> str:
    """Return the condition of a line that is fully answered."""
    told, outcome = f"${CHECK_AT}{row}", f"${_AT[OUTCOME]}{row}"
    return f'=OR({told}="{COMPLETE}",AND({told}="{GOOD_ID}",{outcome}="{DONE}"))'


def begun(row: int) -> str:
    """Return the condition of a line that something was filled in of."""
    parts = "&".join(f"${_AT[name]}{row}" for name in (OUTCOME, CORRECTED, EVIDENCE))
    return f'={parts}<>""'


def sibling(row: int, last: int) -> str:
    """Return the condition of a line whose finding was answered on another one."""
    marks = f"${_AT[NUMBER]}${row}:${_AT[NUMBER]}${last}"
    answers = f"${_AT[OUTCOME]}${row}:${_AT[OUTCOME]}${last}"
    return f'=COUNTIFS({marks},${_AT[NUMBER]}{row},{answers},"?*")>0'


def counter(first: int, last: int, every: str) -> str:
    """Return the formula that counts findings, not lines: an answer to one line
    answers its finding. Each line carries its finding's number in a hidden column.

    Args:
        every: How many there are, in the words of `amount`.
    """
    numbers = f"${ORDER_AT}${first}:${ORDER_AT}${last}"
    answers = f"${_AT[OUTCOME]}${first}:${_AT[OUTCOME]}${last}"
    seen = f'SUMPRODUCT(--(FREQUENCY({numbers}+({answers}="")*{_FAR},{numbers})>0))'
    return f'="已填 "&({seen}-(COUNTBLANK({answers})>0))&" / {every}"'


def counted(findings: int, lines: int) -> str:
    """Return what the counter shows of a list as it goes out."""
    return f"已填 0 / {amount(findings, lines)}"


def amount(findings: int, lines: int) -> str:
    """Return how much a list holds, in words."""
    return f"共 {findings} 条疑点" + (f"（{lines} 行）" if lines > findings else "")

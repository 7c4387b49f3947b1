"""What the text of a cell shows a row to be, when the row is not data."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fupin_audit.domain.characters import folded

_TOTAL = re.compile(
    r"^.{0,10}(?:合计|小计|总计|共计|累计|总数|汇总)(?:数|行|栏)?(?:[:(].*|\d.*)?$|^平均(?:值|数)?:?$"
)
_NOTE = re.compile(
    r"^(?:填[表报写]?)?说明(?:[:.、\d(]|$)|^(?:[备附]?注|注意(?:事项)?|注释|提示|数据来源|资料来源|统计口径"
    r"|审核关系|逻辑关系)\d*[:.、]|^[※★]|^\*{1,3}[^\d*]|^第?\d+页|^共\d+页|^第.{1,4}页"
)
_ROLE = (
    r"(?:填[表报写]|制表|审核|复核|审批|负责|经办|采集|调查|统计|核实|校对|联系|批准|录入|分管领导|主要领导"
    r"|领导|村?支?部?书记|村主任|主任|第一书记|驻村工作队长?|驻村干部|帮扶责任|帮扶|户主|农户|单位负责)"
)
_SIGNATURE = re.compile(
    rf"^(?:.{{0,8}}){_ROLE}(?:人|员|单位|部门|日期|时间)?(?:\((?:签[字名章]|盖章|公章|印章)\)|签[字名章])?:"
    r"|^.{0,12}\((?:签[字名章]|盖章|公章|印章)\)|^.{0,12}(?:签[字名章]|盖章|公章)(?:处|栏)?:?_*$"
    r"|^(?:(?:填[表报]|制表|上报|报送|打印|导出)?(?:日期|时间)|(?:填[表报]|制表|报送|上报)单位):"
    r"|^(?:填[表报]|制表|审核|负责|经办|采集|调查)(?:人|员|日期|时间|单位)$"
)
_LONE_DATE = re.compile(
    r"^(?:\d{4}|[一二三四五六七八九十〇○零]{4})?年\d{0,2}[^\d]{0,3}月\d{0,2}[^\d]{0,3}日$"
)
_HEADERISH = re.compile(
    r"^是否|(?:情况|类型|类别|状况|来源|面积|姓名|电话|属性|名称|编号|号码|日期|时间|年度|收入|支出|原因|人口"
    r"|人数|户数|状态|星级|等级|门牌|关系|性别|民族|年龄|程度|技能|备注|序号|单位|地址|方式|标准|措施)"
    r"(?:\(.*\))?:?$"
)
_TELLING = re.compile("[计总均注说明※★*页签章期位示意源径系填制审负经采调日:：]|書")
"""A character without which a text says nothing here: most values end at it."""
_LAST = frozenset("况型别源积名话性称号码期间度入出因口数态级牌系族龄注址式准施位能)）:： \u3000\n")
_LABEL = 24


def says(value: object) -> str | None:
    """Return what a text shows its row to be: `total note signature date`.

    A total's label is `合计`, `合 计`, `本页小计`, `某某村合计(户)`; a date is one
    standing alone, `年 月 日`.
    """
    if not isinstance(value, str) or not _TELLING.search(value):
        return None
    plain = folded(value)
    if len(plain) <= _LABEL and _TOTAL.match(plain):
        return "total"
    if _NOTE.match(plain):
        return "note"
    if _SIGNATURE.match(plain):
        return "signature"
    return "date" if _LONE_DATE.match(plain) else None


def headerish(values: Sequence[object], among: Sequence[int] | None = None) -> list[int]:
    """Return which values (of those `among`) read like a column header."""
    pairs = enumerate(values) if among is None else ((i, values[i]) for i in among)
    likely = [i for i, v in pairs if type(v) is str and (v[-1:] in _LAST or v[:1] == "是")]
    return [i for i in likely if _is_headerish(str(values[i]))]


def _is_headerish(text: str) -> bool:
    plain = folded(text)
    return 2 <= len(plain) <= 20 and not plain.isascii() and bool(_HEADERISH.search(plain))

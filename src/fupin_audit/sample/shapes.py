"""The file shapes: which columns each has, under which headers, in which order."""

from __future__ import annotations

from dataclasses import dataclass

from fupin_audit.sample.monitoring import MEASURES
from fupin_audit.sample.steps import EXIT_STEPS

Columns = tuple[tuple[str, str], ...]
"""(header as written, canonical field), left to right."""


def same(*fields: str) -> Columns:
    """Return columns whose header is the field's own name."""
    return tuple((f, f) for f in fields)


_PLACE = same("县", "乡", "村")
_LIST_PLACE = (("县(市、区、旗)", "县"), ("乡(镇)", "乡"), ("行政村", "村"))

_IDENTITY: Columns = (
    ("户编号", "户编号"),
    ("户主姓名", "户主姓名"),
    ("户主证件号码", "户主证件号码"),
    ("家庭人口数", "家庭人口数"),
    ("年度", "年度"),
    ("户联系电话", "户联系电话"),
    ("开户银行名称", "开户银行名称"),
    ("银行卡号", "银行卡号"),
    ("帮扶责任人", "帮扶责任人姓名"),
    ("帮扶责任人联系电话", "帮扶责任人联系电话"),
    ("帮扶单位名称", "帮扶单位名称"),
)
_EXIT = same(
    "识别标准", "贫困户属性", "脱贫属性", "脱贫年度", "返贫年度", "首次识别时间",
    "主要致贫原因", "其他致贫原因", "吃是否不愁", "穿是否不愁", "户主是否签字认可",
    "产业帮扶", "就业帮扶", "健康帮扶", "教育帮扶", "综合保障",
    *EXIT_STEPS, "乡镇核实人数", "退出批准层级",
)  # fmt: skip
_LIVING: Columns = (
    ("耕地面积（亩）", "耕地面积"),
    ("有效灌溉面积（亩）", "有效灌溉面积"),
    ("林地面积（亩）", "林地面积"),
    ("退耕还林面积（亩）", "退耕还林面积"),
    ("林果面积（亩）", "林果面积"),
    ("牧草地面积（亩)", "牧草地面积"),
    ("水面面积", "水面面积"),
    ("是否通生产用电", "是否通生产用电"),
    ("是否通生活用电", "是否通生活用电"),
    ("是否通广播电视", "是否通广播电视"),
    ("饮水是否困难", "饮水是否困难"),
    ("是否解决安全饮用水", "是否解决安全饮用水"),
    ("与村主干路距离（公里）", "与村主干路距离"),
    ("入户路类型", "入户路类型"),
    ("住房面积（平方米）", "住房面积"),
    ("是否危房户", "是否危房户"),
    ("是否有卫生厕所", "是否有卫生厕所"),
    ("主要燃料类型", "主要燃料类型"),
    ("是否加入农民专业合作组织", "是否加入农民专业合作组织"),
    ("是否搬迁户", "是否搬迁户"),
    ("搬迁方式", "搬迁方式"),
    ("安置方式", "安置方式"),
    ("安置地", "安置地"),
    ("安置住房面积（平方米）", "安置住房面积"),
    ("是否实际入住", "是否实际入住"),
    ("院内净", "院内净"),
    ("厕所净", "厕所净"),
    ("物品摆放规范", "物品摆放规范"),
    ("是否整户外出一年以上", "是否整户外出一年以上"),
    ("政策知晓情况", "政策知晓情况"),
)
_INCOME: Columns = (
    ("工资性收入（元）", "工资性收入"),
    ("公益性岗位收入（元）", "公益性岗位收入"),
    ("其他工资性收入（元）", "其他工资性收入"),
    ("生产经营性收入（元）", "生产经营性收入"),
    ("财产性收入（元）", "财产性收入"),
    ("资产收益扶贫分红收入（元）", "资产收益扶贫分红收入"),
    ("其他财产性收入（元）", "其他财产性收入"),
    ("转移性收入（元）", "转移性收入"),
    ("计划生育金（元）", "计划生育金"),
    ("低保金（元）", "最低生活保障金"),
    ("特困供养金（元）", "特困人员救助供养金"),
    ("养老保险金（元）", "养老金或离退休金"),
    ("生态补偿金（元）", "生态补偿金"),
    ("其他转移性收入（元）", "其他转移性收入"),
    ("生产经营性支出（元）", "生产经营性支出"),
    ("年收入（元）", "年收入"),
    ("纯收入（元）", "纯收入"),
    ("人均纯收入（元）", "人均纯收入"),
    ("收入备注", "收入备注"),
)
_PERSON: Columns = (
    ("人口编号", "人口编号"),
    ("姓名", "姓名"),
    ("性别", "性别"),
    ("证件类型", "证件类型"),
    ("证件号码", "证件号码"),
    ("出生日期", "出生日期"),
    ("与户主关系", "与户主关系"),
    ("民族", "民族"),
    ("政治面貌", "政治面貌"),
    ("文化程度", "文化程度"),
    ("在校生状况", "在校生状况"),
    ("义务教育阶段未上学原因", "义务教育阶段未上学原因"),
    ("健康状况", "健康状况"),
    ("残疾证办证年度", "残疾证办证年度"),
    ("劳动技能", "劳动技能"),
    ("务工状况", "务工状况"),
    ("务工所在地", "务工所在地"),
    ("务工时间（月）", "务工时间"),
    ("公益性岗位", "公益性岗位"),
    ("公益性岗位(月数)", "公益性岗位月数"),
    ("是否参加城乡居民基本医疗保险", "是否参加城乡居民基本医疗保险"),
    ("是否参加城镇职工基本医疗保险", "是否参加城镇职工基本医疗保险"),
    ("是否参加大病保险", "是否参加大病保险"),
    ("是否参加城乡居民基本养老保险", "是否参加城乡居民基本养老保险"),
    ("是否参加城镇职工基本养老保险", "是否参加城镇职工基本养老保险"),
    ("是否享受农村居民最低生活保障", "是否享受农村居民最低生活保障"),
    ("是否特困供养人员", "是否特困供养人员"),
    ("是否接受医疗救助", "是否接受医疗救助"),
    ("家庭成员联系电话", "家庭成员联系电话"),
    ("自然增减", "自然增减"),
    ("人员变更", "人员变更"),
    ("变更时间", "变更时间"),
)
_MARK: Columns = (("是否监测对象", "是否监测对象"),)
_STATE = same(
    "户类型", "监测对象类别", *(f"致贫返贫风险{n}" for n in range(1, 6)), "自然灾害子项",
    "致贫返贫风险其他备注", "风险是否已消除", "识别监测时间", "消除监测时间", "风险消除方式",
    "整户无劳动能力兜底保障户", "实施开发式帮扶措施情况", *MEASURES, "措施开始时间",
    "合规自付支出", "理赔收入", "是否住房出现安全问题", "是否饮水出现安全问题", "是否失学辍学",
    "是否有成员未参保", "信息采集人", "信息采集人联系电话", "最近更新日期",
)  # fmt: skip
_AFTER = same(
    *(f"风险消除后{name}" for name in (
        "工资性收入", "生产经营性收入", "财产性收入", "转移性收入", "生产经营性支出",
        "家庭纯收入", "家庭人均纯收入", "理赔收入", "合规自付支出", "是否住房出现安全问题",
        "是否住房损毁", "是否饮水出现安全问题", "是否饮水设施损毁", "是否失学辍学",
        "是否有成员未参保",
    )),
)  # fmt: skip
_MONITORING = (*_STATE, *_AFTER)
_EXPORT_NAMES = {
    **{f"致贫返贫风险{n}": f"致贫/返贫风险{n}" for n in range(1, 6)},
    "自然灾害子项": "致贫/返贫风险因自然灾害子项",
    "致贫返贫风险其他备注": "致贫/返贫风险其他备注",
    "户编号": "户编号",
    "人口编号": "人编号",
    "务工时间": "务工时间（月）",
    "是否失学辍学": "是否有义务教育阶段适龄儿童少年失学辍学",
    "是否有成员未参保": "是否有家庭成员未参加城乡居民(职工)基本医疗保险",
    "风险消除后是否失学辍学": "风险消除后是否义务教育阶段适龄儿童少年失学辍学",
    "风险消除后是否有成员未参保": "风险消除后是否有家庭成员未参加城乡居民(职工)基本医疗保险",
    "合规自付支出": "家庭合规自付支出（元）",
    "理赔收入": "家庭理赔收入（元）",
    "养老金或离退休金": "养老金或离退休金（元）",
    "最低生活保障金": "最低生活保障金（元）",
    "特困人员救助供养金": "特困人员救助供养金（元）",
    "帮扶责任人姓名": "帮扶责任人姓名",
}
"""How the export of monitored households writes a header, where that differs."""


def _exported(columns: Columns) -> Columns:
    return tuple((_EXPORT_NAMES.get(field, header), field) for header, field in columns)


_LIST_2018: Columns = (
    *_LIST_PLACE,
    ("自然村", "自然村"),
    ("户编号", "户编号"),
    ("人编号", "人口编号"),
    ("姓名", "姓名"),
    ("证件号码", "证件号码"),
    ("人数", "家庭人口数"),
    ("与户主关系", "与户主关系"),
    ("民族", "民族"),
    ("文化程度", "文化程度"),
    ("在校生状况", "在校生状况"),
    ("健康状况", "健康状况"),
    ("劳动技能", "劳动技能"),
    ("务工状况", "务工状况"),
    ("务工时间（月）", "务工时间"),
    ("参加大病医疗", "是否参加大病保险"),
    ("脱贫属性", "脱贫属性"),
    ("贫困户属性", "贫困户属性"),
    ("主要致贫原因", "主要致贫原因"),
    ("危房户", "是否危房户"),
    ("饮水安全", "是否解决安全饮用水"),
    ("饮水困难", "饮水是否困难"),
    ("人均纯收入", "人均纯收入"),
    ("联系电话", "户联系电话"),
)


@dataclass(frozen=True, slots=True)
class Shape:
    """How one file looks.

    Attributes:
        name: What `shapes=[…]` calls it.
        file: File name, `{day}` stands for the day as yyyymmdd.
        household, member: Columns of the two sheets; a wide shape has one row
            per person and both kinds of columns in `member`.
        text_only: Every cell is text, as in exports of the national system.
    """

    name: str
    file: str
    member: Columns
    household: Columns = ()
    text_only: bool = False

    def fields(self) -> frozenset[str]:
        return frozenset(f for _, f in (*self.household, *self.member))


def shapes_of(monitoring: bool) -> dict[str, Shape]:
    """Return the shapes a county of that era can be written in, by name."""
    state = _MONITORING if monitoring else _EXIT
    person = (*_PERSON, *_MARK) if monitoring else _PERSON
    household = (*_PLACE, ("自然村", "自然村"), *_IDENTITY, *state, *_LIVING, *_INCOME)
    wide = (*_PLACE, *_IDENTITY, *person, *state, *_LIVING, *_INCOME)
    if monitoring:
        wide = _exported((*same("省", "市"), *wide))
    flat = (*_LIST_PLACE, *_IDENTITY, *person, *state, *_INCOME)
    subject = "监测对象信息" if monitoring else "贫困户信息"
    found = [
        Shape("households", "households.xlsx", (("户编号", "户编号"), *person), household),
        Shape("wide", f"（自定义）{subject}_{{day}}.xlsx", wide, text_only=True),
        Shape("csv", f"{subject}采集表_{{day}}.csv", flat, text_only=True),
    ]
    if not monitoring:
        found.insert(2, Shape("xls", "贫困人口名单_{day}.xls", _LIST_2018, text_only=True))
    return {shape.name: shape for shape in found}

"""The files that go with those of the households: their columns and headers."""

from __future__ import annotations

from fupin_audit.sample.shapes import Columns, Shape, same

_WORKER = same("县", "乡", "村", "户编号", "人口编号", "姓名", "证件号码", "年度")
_WORK: Columns = (
    *_WORKER, *same("是否已务工", "务工所在省", "务工所在市", "务工所在县", "务工状况",
                     "开始时间", "结束时间", "务工时间"),
    ("务工月收入（元）", "务工月收入"),
    *same("务工企业名称", "所属行业", "就业渠道", "是否点对点输送"),
    ("年度交通费补助（元）", "年度交通费补助"),
)  # fmt: skip
_WORK_PLAN: Columns = (
    *_WORKER, *same("是否计划务工", "计划务工所在省", "计划务工所在市", "计划务工所在县",
                     "计划务工时间", "是否有就业服务需求", "就业服务需求"),
)  # fmt: skip
_VILLAGE: Columns = (
    *same("县", "乡", "村", "年度"),
    ("自然村(村民小组)数", "自然村数"),
    *same("村属性", "总户数", "总人口数", "农业户籍人口数", "贫困户数", "贫困人口数",
           "未脱贫户数", "未脱贫人口数"),
    ("贫困发生率（%）", "贫困发生率"),
    *same("低保户数", "低保人口数", "特困供养人口数", "残疾人口数", "劳动力人数"),
    *((f"{name}（亩）", name) for name in
      ("耕地面积", "林地面积", "退耕还林面积", "林果面积", "牧草地面积", "水域面积")),
    ("村级集体经济收入（万元）", "村级集体经济收入"),
    *same("农民专业合作社个数", "参加城乡居民基本医疗保险人数",
           "参加城乡居民基本养老保险人数", "贫困人口参加医疗保险人数", "是否通客运班车"),
    ("到乡镇是否通沥青（水泥）路", "到乡镇是否通沥青水泥路"),
    *same("是否通硬化路", "是否解决安全饮用水", "是否通电", "是否有卫生室",
           "未实现饮水安全户数", "危房户数", "行政村卫生室个数", "公共卫生厕所个数"),
    ("执业（助理）医师人数", "执业助理医师人数"),
    *same("垃圾集中堆放点个数"),
    ("文化（图书）室个数", "文化图书室个数"),
    ("村小学（个数）", "村小学个数"),
)  # fmt: skip
_VILLAGE_EXIT = same("是否出列", "出列年度", "乡镇公示开始日期", "乡镇公示结束日期", "公告日期")
_COUNTY: Columns = (
    *same("县", "年度", "摘帽年度", "农业户籍人口数", "建档立卡人口数", "未脱贫人口数"),
    *((f"{name}（%）", name) for name in
      ("综合贫困发生率", "错退率", "漏评率", "群众认可度", "通硬化路村比例", "自来水普及率",
       "通电率", "安全住房比例", "贫困人口参保比例")),
    ("农村居民人均可支配收入（元）", "农村居民人均可支配收入"),
    ("全省农村居民人均可支配收入（元）", "全省农村居民人均可支配收入"),
    *same("是否国家抽查"),
)  # fmt: skip
_PROCEDURE = same("县", "乡", "村", "户编号", "户主姓名", "程序类型")
_STEPS = same(
    "申请日期", "承诺授权日期", "入户核实日期", "信息比对日期", "民主评议日期",
    "村内公示开始日期", "村内公示结束日期", "乡镇审核日期", "县级批准日期", "公告日期",
    "系统标注日期", "核实人数",
)  # fmt: skip
_POOR_STEPS = same(
    "申请日期", "民主评议日期", "村内公示开始日期", "村内公示结束日期", "乡镇审核日期",
    "乡镇公示开始日期", "乡镇公示结束日期", "县级批准日期", "公告日期", "系统标注日期",
)  # fmt: skip


def linked_shapes(monitoring: bool) -> dict[str, Shape]:
    """Return the shapes of the tables that go with the households, by name."""
    village = _VILLAGE if monitoring else (*_VILLAGE, *_VILLAGE_EXIT)
    steps = _STEPS if monitoring else _POOR_STEPS
    found = [
        Shape("village", "（自定义）行政村信息.xlsx", village, text_only=True),
        Shape("work", "（务工月监测）已外出务工信息_{day}.xlsx", _WORK, text_only=True),
        Shape("work_plan", "计划外出务工信息_{day}.xlsx", _WORK_PLAN, text_only=True),
        Shape("procedure", "程序台账_{day}.xlsx", (*_PROCEDURE, *steps), text_only=True),
    ]
    if not monitoring:
        found.append(Shape("county", "县级指标_{day}.xlsx", _COUNTY, text_only=True))
    return {shape.name: shape for shape in found}

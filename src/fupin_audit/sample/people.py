"""Names, places, id numbers and phones of people who do not exist.

Id numbers are built the official way (GB 11643) but take the last order codes
first: 999, 997 … for men and 998, 996 … for women of one birth date. Phones are
`1d000` and six running digits; person and household numbers are running too.
"""

from __future__ import annotations

from datetime import date

from fupin_audit.domain.citizen_id import check_character
from fupin_audit.sample.draw import Draw

SURNAMES = tuple("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕")
_MALE = (
    "建国军伟强勇明平志刚永文德福贵生林山海涛波鹏宏亮成厚根顺全有才宝柱树田新兴旺安民学忠良义仁信"
)
_FEMALE = "秀英兰芳桂梅玉凤珍莲琴香春霞翠云菊花红艳丽娟敏静慧巧娥爱淑美彩莉燕萍月素云婷雪倩欣怡佳宁"
_TOWN_HEADS = (
    "柳溪", "石桥", "松坪", "青岗", "白杨", "龙泉", "竹园", "双河",
    "高庙", "清水", "枣林", "槐树", "银杏", "莲花", "金盆", "黑龙",
    "凤山", "梨园", "桃坪", "云岭", "北沟", "南塬", "东坡", "西岔",
)  # fmt: skip
_TOWN_TAILS = ("镇", "乡", "河镇", "川乡", "岭镇", "湾乡", "坝镇", "铺乡")
_VILLAGE_TAILS = ("家村", "家沟村", "家坪村", "家湾村", "家岭村", "家塬村", "家河村", "家坡村")
_VILLAGES_PER_TOWN = 8
HOUSEHOLDS_PER_VILLAGE = 20


def place(number: int) -> tuple[str, str]:
    """Return township and village of the n-th village of the county."""
    town, village = divmod(number, _VILLAGES_PER_TOWN)
    tail, head = divmod(town, len(_TOWN_HEADS))
    township = _TOWN_HEADS[head] + _TOWN_TAILS[tail % len(_TOWN_TAILS)]
    surname = SURNAMES[(town * 5 + village) % len(SURNAMES)]
    return township, surname + _VILLAGE_TAILS[(town + village) % len(_VILLAGE_TAILS)]


class Registry:
    """Hands out what must be unique in the county; person numbers of neighbouring
    counties differ, too."""

    def __init__(self, region: str, draw: Draw) -> None:
        self._region = region
        self._draw = draw
        self._orders: dict[tuple[date, bool], int] = {}
        self._phones = draw.whole(0, 99_999) * 7
        self._people = 0
        self._accounts = draw.whole(10_000, 99_999) * 1_000_000

    def id_number(self, birth: date, male: bool) -> str:
        used = self._orders.get((birth, male), 0)
        self._orders[birth, male] = used + 1
        order = (999 if male else 998) - 2 * used
        first17 = f"{self._region}{birth:%Y%m%d}{order:03d}"
        return first17 + check_character(first17)

    def phone(self) -> str:
        self._phones += 1
        band, rest = divmod(self._phones, 1_000_000)
        return f"1{3 + band % 7}000{rest:06d}"

    def person_number(self) -> str:
        self._people += 1
        return f"9{self._region[-3:]}{self._people:06d}"

    def account(self) -> str:
        self._accounts += 1
        return f"62300000{self._accounts:011d}"

    def name(self, surname: str, male: bool, taken: set[str]) -> str:
        """Return a name of two or three characters that is not in `taken`."""
        stock = _MALE if male else _FEMALE
        while True:
            given = self._draw.pick(stock)
            if self._draw.chance(0.8):
                given += self._draw.pick(stock)
            if surname + given not in taken:
                taken.add(surname + given)
                return surname + given

"""The expression language of rules: Python's grammar cut to a whitelist.

An expression is parsed by `ast`, every node is checked against what is listed
here, every name is resolved against the pack, and the result is a tree of
`Node`s. Nothing is ever executed.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from fupin_audit.errors import RulePackError, RuleSyntaxError, UnknownName
from fupin_audit.packs import functions as fn
from fupin_audit.packs.names import Names, ancestors, nearest
from fupin_audit.packs.shapes import Field
from fupin_audit.packs.tree import KIND_OF_TYPE, Node, is_column

MAX_LENGTH = 2000
COMPARE: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
ARITHMETIC: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Mod: "%",
}  # fmt: skip


def parse(text: str, table: str, names: Names, where: str = "") -> Node:
    """Parse an expression of a table.

    Args:
        text: The expression.
        table: Table whose fields are in scope.
        names: What may be named.
        where: `file:line`, for messages.

    Returns:
        The resolved tree.

    Raises:
        RuleSyntaxError: Outside the grammar, or kinds that do not fit.
        UnknownName: A name the pack does not know; the nearest is suggested.
    """
    if node := names.parsed.get((text, table)):
        return node
    if len(text) > MAX_LENGTH:
        raise RuleSyntaxError(f"表达式超过 {MAX_LENGTH} 个字符", where=where)
    try:
        tree = ast.parse(" ".join(text.split()), mode="eval")
        node = names.parsed[text, table] = _Parser(names, where).build(tree.body, table)
        return node
    except RulePackError:
        raise
    except SyntaxError as error:
        raise RuleSyntaxError(
            f"表达式写法不对：{text.strip()[:80]}",
            where=where,
            hint=f"第 {error.offset} 个字符附近",
        ) from None
    except (ValueError, RecursionError, MemoryError):
        raise RuleSyntaxError("表达式嵌套过深或含有非法字符", where=where) from None


class _Parser:
    """Holds what every step of one parse needs; the steps are functions of it."""

    def __init__(self, names: Names, where: str) -> None:
        self.names = names
        self.where = where
        self.expanding: list[str] = []

    def refuse(self, what: str, hint: str = "") -> RuleSyntaxError:
        return RuleSyntaxError(what, where=self.where, hint=hint)

    def unknown(self, what: str, name: str, known: Iterable[str]) -> UnknownName:
        return UnknownName(f"{what}“{name}”不存在", where=self.where, hint=nearest(name, known))

    def build(self, node: ast.expr, table: str) -> Node:
        match node:
            case ast.Constant(value=value):
                return self.constant(value)
            case ast.Name(id=name):
                return self.name(name, table)
            case ast.Attribute(value=ast.Name(id=scope), attr=name):
                return self.attribute(scope, name, table)
            case ast.BoolOp(op=op, values=values):
                parts = tuple(self.boolean(v, table) for v in values)
                return Node("and" if isinstance(op, ast.And) else "or", parts, "bool")
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Node("not", (self.boolean(operand, table),), "bool")
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                inner = self.number(operand, table)
                if inner.op == "const":
                    return Node("const", (-inner.args[0],), "number")
                return Node("neg", (inner,), "number")
            case ast.BinOp(left=left, op=op, right=right) if type(op) in ARITHMETIC:
                pair = (self.number(left, table), self.number(right, table))
                return Node(ARITHMETIC[type(op)], pair, "number")
            case ast.Compare():
                return self.compare(node, table)
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                return self.call(name, args, table)
        raise self.refuse(f"表达式里不能用“{ast.unparse(node)[:60]}”这种写法")

    def constant(self, value: object) -> Node:
        if isinstance(value, bool):
            return Node("const", (value,), "bool")
        if isinstance(value, int | float):
            return Node("const", (value,), "number")
        if isinstance(value, str):
            return Node("const", (value,), "text")
        raise self.refuse("常量只能是数字、文字或 True、False")

    def name(self, name: str, table: str) -> Node:
        fields = self.names.tables[table].fields
        if name in fields:
            return Node("field", (table, name), KIND_OF_TYPE[fields[name].type])
        term = self.names.terms.get(name)
        if term is not None and term.table == table:
            if name in self.names.expanded:
                return self.names.expanded[name]
            if name in self.expanding:
                raise self.refuse(f"名词“{name}”绕回了自己")
            self.expanding.append(name)
            tree = ast.parse(" ".join(term.means.split()), mode="eval").body
            node = self.names.expanded[name] = self.build(tree, table)
            self.expanding.pop()
            return node
        known = [*fields, *(n for n, t in self.names.terms.items() if t.table == table)]
        elsewhere = [t for t, spec in self.names.tables.items() if name in spec.fields]
        error = self.unknown(f"{table} 表的字段或名词", name, known)
        if elsewhere:
            error.hint = f"“{name}”在 {'、'.join(elsewhere)} 表，写作 {elsewhere[0]}.{name}"
        raise error

    def attribute(self, scope: str, name: str, table: str) -> Node:
        if scope == "last_year":
            node = self.name(name, table)
            if node.op != "field":
                raise self.refuse("last_year 后面只能是字段")
            return Node("field", (table, f"last_year.{name}"), node.kind)
        if scope not in self.names.tables:
            raise self.unknown("表", scope, [*self.names.tables, "last_year"])
        if not self.names.parent_of(table, scope):
            raise self.refuse(f"{table} 表的记录没有所属的 {scope}")
        inner = self.name(name, scope)
        return Node("up", (scope, table, inner), inner.kind)

    def boolean(self, node: ast.expr, table: str) -> Node:
        built = self.build(node, table)
        if built.kind != "bool":
            raise self.refuse(
                f"“{ast.unparse(node)[:60]}”不是条件", '条件要能回答是或否，例如 x == "是"'
            )
        return built

    def number(self, node: ast.expr, table: str) -> Node:
        built = self.build(node, table)
        if built.kind not in fn.NUMBERS:
            raise self.refuse(f"“{ast.unparse(node)[:60]}”不是数字，不能计算")
        return built

    def compare(self, node: ast.Compare, table: str) -> Node:
        sides = [node.left, *node.comparators]
        parts = [
            self.pair(op, left, right, table)
            for op, left, right in zip(node.ops, sides, sides[1:], strict=False)
        ]
        return parts[0] if len(parts) == 1 else Node("and", tuple(parts), "bool")

    def pair(self, op: ast.cmpop, left: ast.expr, right: ast.expr, table: str) -> Node:
        first = self.build(left, table)
        if isinstance(op, ast.In | ast.NotIn):
            if not isinstance(right, ast.Tuple | ast.List) or not right.elts:
                raise self.refuse('in 的右边要写成 ("甲", "乙") 这样的清单')
            options = tuple(self.build(e, table) for e in right.elts)
            if any(o.op != "const" for o in options):
                raise self.refuse("in 的清单里只能是常量")
            for option in options:
                self.same_kind(first, option)
                self.check_label(first, option)
            inside = Node("in", (first, tuple(o.args[0] for o in options)), "bool")
            return inside if isinstance(op, ast.In) else Node("not", (inside,), "bool")
        if type(op) not in COMPARE:
            raise self.refuse("不能用 is 比较")
        second = self.build(right, table)
        self.same_kind(first, second)
        self.check_label(first, second)
        self.check_label(second, first)
        sign = COMPARE[type(op)]
        if sign not in ("==", "!=") and first.kind in ("text", "multi", "bool"):
            raise self.refuse("文字只能比较相等或不等")
        return Node(sign, (first, second), "bool")

    def same_kind(self, a: Node, b: Node) -> None:
        groups = (fn.TEXTS, fn.NUMBERS, ("date",), ("bool",))
        if not any(a.kind in g and b.kind in g for g in groups):
            raise self.refuse(f"不能拿{KIND_ZH[a.kind]}和{KIND_ZH[b.kind]}比较")

    def check_label(self, node: Node, constant: Node) -> None:
        """A coded field compared with a label its code list lacks is a slip."""
        if constant.op == "const" and constant.kind == "text":
            self.label(node, constant.args[0])

    def label(self, node: Node, text: str) -> None:
        field = self.field_of(node)
        if field is None or field.codes is None or text == "":
            return
        codes = self.names.codes.get(field.codes)
        if codes is None:
            raise self.unknown("代码表", field.codes, self.names.codes)
        labels = [c.label for c in codes.values]
        if text not in labels and not codes.open:
            raise self.unknown(f"代码表 {codes.id} 的值", text, labels)

    def field_of(self, node: Node) -> Field | None:
        if node.op == "field":
            name = node.args[1].removeprefix("last_year.")
            return self.names.tables[node.args[0]].fields.get(name)
        if node.op == "up":
            return self.field_of(node.args[2])
        if node.op == "call" and node.args[0] in ("optional", "coalesce"):
            return self.field_of(node.args[1])
        if node.op == "agg" and node.args[0] == "pick":
            return self.field_of(node.args[3])
        return None

    def call(self, name: str, args: list[ast.expr], table: str) -> Node:
        if name in fn.AGGREGATE_NAMES:
            return self.aggregate(name, args, table)
        if name == "param":
            return self.param(args, table)
        if name not in fn.FUNCTIONS:
            raise self.unknown("函数", name, [*fn.FUNCTIONS, *fn.AGGREGATE_NAMES, "param"])
        signature = fn.FUNCTIONS[name]
        built = [self.build(a, table) for a in args]
        self.check_call(name, signature, built)
        if name == "present" and not is_column(built[0]):
            raise self.refuse("present() 里只能写一个字段")
        for option in built[1:] if name == "has" else ():
            self.label(built[0], option.args[0])
        result = built[0].kind if signature.result == "same" else signature.result
        return Node("call", (name, *built), result)

    def check_call(self, name: str, signature: fn.Signature, built: list[Node]) -> None:
        takes = list(signature.takes)
        if signature.more and len(built) > len(takes):
            takes += [takes[-1]] * (len(built) - len(takes))
        if not len(takes) - signature.optional <= len(built) <= len(takes):
            raise self.refuse(f"函数 {name} 的参数个数不对")
        for i, (node, kinds) in enumerate(zip(built, takes, strict=False)):
            if node.kind not in kinds:
                raise self.refuse(f"函数 {name} 的第 {i + 1} 个参数不能是{KIND_ZH[node.kind]}")
            last_constant = max(signature.constant, default=-1)
            fixed = i in signature.constant or (signature.more and 0 <= last_constant < i)
            if fixed and node.op != "const":
                raise self.refuse(f"函数 {name} 的第 {i + 1} 个参数要写成常量")

    def aggregate(self, name: str, args: list[ast.expr], table: str) -> Node:
        aggregate, child = fn.AGGREGATE_NAMES[name]
        if child is None:
            if not args or not isinstance(args[0], ast.Name):
                raise self.refuse(f"函数 {name} 的第 1 个参数是表名")
            child, args = args[0].id, args[1:]
        if child not in self.names.tables:
            raise self.unknown("表", child, self.names.tables)
        parents = ancestors(self.names.relations, child)
        above = [table, *ancestors(self.names.relations, table)]
        parent = next((t for t in above if t in parents), "")
        if not parent:
            raise self.refuse(f"{table} 表下面没有 {child} 表")
        built = [self.build(a, child) for a in args]
        signature = fn.AGGREGATES[aggregate]
        self.check_call(name, signature, built)
        kind = built[0].kind if signature.result == "same" else signature.result
        node = Node("agg", (aggregate, parent, child, *built), kind)
        return node if parent == table else Node("up", (parent, table, node), kind)

    def param(self, args: list[ast.expr], table: str) -> Node:
        if not args or not isinstance(args[0], ast.Constant) or len(args) > 2:
            raise self.refuse('参数写作 param("参数名") 或 param("参数名", 年度)')
        name = str(args[0].value)
        if name not in self.names.params:
            raise self.unknown("参数", name, self.names.params)
        values = [v.value for v in self.names.params[name].values if v.value is not None]
        kind = "text" if values and isinstance(values[0], str) else "number"
        year = self.number(args[1], table) if len(args) == 2 else None
        return Node("param", (name, year), kind)


KIND_ZH = {
    "number": "数字", "text": "文字", "multi": "多选", "bool": "条件", "date": "日期",
    "month": "年月", "year": "年份", "none": "空",
}  # fmt: skip

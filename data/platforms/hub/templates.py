"""Whether a chat template reaches for Python's internals, so that rendering it may run code.

A template is Jinja; who renders it outside a sandbox runs whatever it calls. Jinja's own parser reads it, nothing
renders it. What leads out of Jinja has a name that begins with an underscore, or is one of a few others: no such name
may stand in the template as an attribute, a key or a text, and no key may be a text that the template puts together.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

from data.shapes import as_dict

if TYPE_CHECKING:
    from jinja2 import Environment, nodes

MAX_TEMPLATE: Final = 100_000  # a longer one is not read, so nobody can tell
MAX_DEPTH: Final = 6
MAX_PASSES: Final = 10  # through the assignments of a template; an honest one needs three
# What a value may be beside what the renderer gave (no bit): a text of the template, several, one that is put together.
_TEXT: Final = 1
_TEXTS: Final = 2
_MADE: Final = 4
# Frames and functions that lead to all of Python without an underscore in front.
_WAYS_OUT: Final = frozenset(
    "gi_frame gi_code cr_frame cr_code ag_frame ag_code f_globals f_locals f_builtins f_back func_globals func_code"
    " tb_frame mro popen".split()
)
_INTERNALS: Final = re.compile(
    r"__(?:class|bases?|mro|subclasses|globals|init|builtins|import|getattr\w{0,6}|dict|code|closure|self|reduce\w{0,3}|call"
    r"|new|loader|spec|module|func|wrapped|getitem|format|subclasshook|doc|name|qualname|str|repr|file)__"
    rf"|\b(?:{'|'.join(sorted(_WAYS_OUT - {'mro', 'popen'}))})\b|_TemplateReference\b"
)
_PYTHON: Final = frozenset(
    "getattr setattr eval exec compile globals locals vars breakpoint os sys subprocess importlib builtins".split()
)
_GLOBALS: Final = frozenset("cycler joiner lipsum namespace range dict".split())  # of Jinja; nobody needs their insides
_BY_NAME: Final = frozenset(  # filters that take the name of an attribute, a filter or a test
    "map select reject selectattr rejectattr sort groupby sum unique min max".split()
)
_COUNTING: Final = frozenset("length count int float abs round wordcount".split())
_KEEPING: Final = frozenset(
    "list reverse sort unique batch slice select reject selectattr rejectattr dictsort items safe map".split()
)
_ONE_OF: Final = frozenset("first last random min max".split())
_OF_OBJECTS: Final = frozenset("get items keys values pop copy".split())
_PUTTING: Final = frozenset("append extend insert update setdefault add".split())


def reaches_internals(record: Mapping[str, Any]) -> bool:
    """Whether a chat template of the record reaches for Python's internals, hides that, or is no Jinja."""
    if record.get("template_reaches_internals") is True:
        return True
    templates = (template for key in ("gguf", "config") for template in _templates(as_dict(record.get(key))))
    return any(len(text) > MAX_TEMPLATE or _reaches(text) for text in templates)


def _templates(held: Mapping[str, Any], depth: int = MAX_DEPTH) -> Iterator[str]:
    """The chat templates of a configuration and of those within it."""
    for key, value in held.items() if depth else ():
        if "chat_template" in str(key):
            yield from _texts(value)
        elif isinstance(value, Mapping):
            yield from _templates(value, depth - 1)


def _texts(template: object, depth: int = MAX_DEPTH) -> Iterator[str]:
    """The texts of a template: one, or a list or object of named ones."""
    if isinstance(template, str):
        yield template
    elif isinstance(template, list | tuple | Mapping) and depth:
        for one in template.values() if isinstance(template, Mapping) else template:
            yield from _texts(one, depth - 1)


@lru_cache(maxsize=64)
def _reaches(text: str) -> bool:
    try:
        return _Template(_jinja().parse(text)).reaches()
    except Exception:  # of whatever kind: what cannot be parsed or followed is not known to be harmless
        return True


@cache
def _jinja() -> Environment:
    """Jinja with the tags that chat templates use beside its own; imported by whoever meets the first template."""
    from jinja2 import Environment
    from jinja2.ext import Extension
    from jinja2.parser import Parser

    class Generation(Extension):
        """`{% generation %}` of transformers marks what the model writes."""

        tags = {"generation"}  # noqa: RUF012 - as Jinja declares it

        def parse(self, parser: Parser) -> list[nodes.Node]:
            next(parser.stream)
            return parser.parse_statements(("name:endgeneration",), drop_needle=True)

    return Environment(extensions=["jinja2.ext.loopcontrols", "jinja2.ext.do", Generation])  # noqa: S701 - it renders nothing


class _Template:
    """What the values of a parsed template may be, whatever the order in which its parts run."""

    def __init__(self, tree: nodes.Template) -> None:
        from jinja2 import nodes

        self._nodes = list(_every(tree))
        self._macros = {n.name: [arg.name for arg in n.args] for n in self._nodes if isinstance(n, nodes.Macro)}
        self._called = [arg.name for n in self._nodes if isinstance(n, nodes.CallBlock) for arg in n.args]
        self._values: dict[str, int] = defaultdict(int)  # of each name, and with a dot before it of each attribute
        self._set = {n.name for n in self._nodes if isinstance(n, nodes.Name) and n.ctx != "load"}
        self._set |= self._macros.keys()

    def reaches(self) -> bool:
        """Whether a node reaches for what it should not."""
        from jinja2 import nodes

        kinds = (nodes.Assign, nodes.AssignBlock, nodes.For, nodes.With, nodes.Macro, nodes.CallBlock, nodes.Call)
        giving = [node for node in self._nodes if isinstance(node, kinds)]
        for _ in range(MAX_PASSES):
            before = dict(self._values)
            for node in giving:
                self._follow(node)
            if before == self._values:
                return any(map(self._is_foul, self._nodes))
        return True

    def _follow(self, node: nodes.Node) -> None:
        """Note what a node gives to names."""
        from jinja2 import nodes

        match node:
            case nodes.Assign():
                self._give(node.target, self._value(node.node))
            case nodes.AssignBlock():
                self._give(node.target, _MADE)
            case nodes.For():
                self._give(node.target, _element(self._value(node.iter)))
            case nodes.With():
                for target, value in zip(node.targets, node.values, strict=False):
                    self._give(target, self._value(value))
            case nodes.Macro() | nodes.CallBlock():
                for arg, value in zip(reversed(node.args), reversed(node.defaults), strict=False):
                    self._give(arg, self._value(value))
            case nodes.Call():
                self._hand_over(node)
            case _:
                pass

    def _give(self, target: nodes.Node, value: int) -> None:
        from jinja2 import nodes

        if isinstance(target, nodes.Tuple):
            for item in target.items:
                self._give(item, value | _element(value))
        elif isinstance(target, nodes.NSRef):
            self._values[f".{target.attr}"] |= value
        elif isinstance(target, nodes.Name):
            self._values[target.name] |= value

    def _hand_over(self, call: nodes.Call) -> None:
        """Give what a call takes to the names that it may reach: of macros, of namespaces, of lists that grow."""
        from jinja2 import nodes

        for keyword in call.kwargs:
            self._values[f".{keyword.key}"] |= self._value(keyword.value)
        called, every = call.node, self._taken(call)
        if isinstance(called, nodes.Name) and called.name in self._macros and not (call.dyn_args or call.dyn_kwargs):
            names = self._macros[called.name]
            given = {k.key: k.value for k in call.kwargs} | dict(zip(names, call.args, strict=False))
            for name, value in given.items():
                self._values[name] |= self._value(value)
            names = ["varargs", "kwargs"]
        else:
            names = self._reached(called)
        for name in names:
            self._values[name] |= every | _within(every)

    def _reached(self, called: nodes.Node) -> list[str]:
        """The names that may get what a call takes."""
        from jinja2 import nodes

        if isinstance(called, nodes.Getattr):
            return list(_chain(called.node)) if called.attr in _PUTTING else []
        if isinstance(called, nodes.Name) and called.name == "caller":
            return self._called
        if isinstance(called, nodes.Name) and called.name not in self._set:
            return []
        # Nobody can tell which macro is behind it.
        return ["varargs", "kwargs", *(name for names in self._macros.values() for name in names)]

    def _taken(self, call: nodes.Call | nodes.Filter) -> int:
        """What the arguments of a call may be, all in one."""
        given = [*call.args, *(k.value for k in call.kwargs), call.dyn_args, call.dyn_kwargs]
        return _any(self._value(one) for one in given if one is not None)

    def _value(self, node: nodes.Node) -> int:
        """What an expression may be."""
        from jinja2 import nodes

        match node:
            case nodes.Const():
                return _TEXT if isinstance(node.value, str) else 0
            case nodes.Name():
                return self._values[node.name]
            case nodes.List() | nodes.Tuple():
                return _within(_any(map(self._value, node.items)))
            case nodes.Dict():
                return _within(_any(self._value(pair.key) | self._value(pair.value) for pair in node.items))
            case nodes.Getattr():
                return _element(self._value(node.node)) | self._values[f".{node.attr}"]
            case nodes.Getitem():
                return self._item(node)
            case nodes.Call():
                return self._result(node)
            case nodes.Filter():
                return self._filtered(node)
            case _:
                return self._joined(node)

    def _item(self, node: nodes.Getitem) -> int:
        from jinja2 import nodes

        held = self._value(node.node)
        named = self._values[f".{node.arg.value}"] if isinstance(node.arg, nodes.Const) else 0
        return _element(held) | named | (held if isinstance(node.arg, nodes.Slice) else 0)

    def _joined(self, node: nodes.Node) -> int:
        """What comes of several expressions; numbers and answers are harmless."""
        from jinja2 import nodes

        match node:
            case nodes.Concat():
                return _MADE
            case nodes.Add() | nodes.Mul() | nodes.Mod():
                both = self._value(node.left) | self._value(node.right)
                return (both & _TEXTS) | (_MADE if both & (_TEXT | _MADE) else 0)
            case nodes.And() | nodes.Or():
                return self._value(node.left) | self._value(node.right)
            case nodes.CondExpr():
                return self._value(node.expr1) | (self._value(node.expr2) if node.expr2 else 0)
            case _:
                return 0

    def _result(self, call: nodes.Call) -> int:
        from jinja2 import nodes

        every, called = self._taken(call), call.node
        if isinstance(called, nodes.Getattr):
            held = self._value(called.node)
            if called.attr in _OF_OBJECTS:
                return _element(held) | held & _MADE | _any(map(self._value, call.args[1:]))
            return _MADE if held | every else 0
        if isinstance(called, nodes.Name) and called.name not in self._set:
            # The keys of dict(a=1) are texts; what else Jinja has may put its arguments together.
            return {"dict": _within(every | _TEXT), "namespace": 0}.get(called.name, every and _MADE)
        return _MADE

    def _filtered(self, node: nodes.Filter) -> int:
        held = self._value(node.node) if node.node is not None else _MADE
        if node.name in _COUNTING:
            return 0
        if node.name in ("default", "d"):
            return held | self._taken(node)
        if node.name in _ONE_OF:
            return _element(held)
        return _MADE if node.name not in _KEEPING or held & (_TEXT | _MADE) else held

    def _is_foul(self, node: nodes.Node) -> bool:
        """Whether a node reaches for what it should not, or for what nobody can tell."""
        from jinja2 import nodes

        match node:
            case nodes.Import() | nodes.FromImport() | nodes.Include() | nodes.Extends():
                return True  # what they bring is not here
            case nodes.Const():
                return isinstance(node.value, str) and _INTERNALS.search(node.value) is not None
            case nodes.Keyword():
                return _leads_out(node.key)  # dict(__class__=1) has that text in it
            case nodes.Name():
                return node.name.startswith("__") or (node.name in _PYTHON and node.name not in self._set)
            case nodes.Getattr():
                formats = node.attr in ("format", "format_map") and self._value(node.node) & _MADE
                return bool(formats) or _leads_out(node.attr) or self._is_global(node.node)
            case nodes.Getitem():
                return self._is_global(node.node) or self._is_foul_name(node.arg)
            case nodes.Filter():
                return self._is_foul_filter(node)
            case _:
                return False

    def _is_foul_name(self, node: nodes.Node, *, fixed: bool = False) -> bool:
        """Whether a name may lead out of Jinja; `fixed`: it must stand there as a text."""
        from jinja2 import nodes

        if isinstance(node, nodes.Const):
            return isinstance(node.value, str) and any(map(_leads_out, node.value.split(".")))
        return fixed or (not isinstance(node, nodes.Slice) and bool(self._value(node) & _MADE))

    def _is_foul_filter(self, node: nodes.Filter) -> bool:
        from jinja2 import nodes

        if node.name == "attr":
            return not node.args or self._is_foul_name(node.args[0], fixed=True)
        if node.name not in _BY_NAME:
            return False
        first = node.args[0] if node.args and node.name in ("map", "select", "reject") else nodes.Const("")
        if not isinstance(first, nodes.Const) or (
            first.value == "attr" and self._is_foul_name(node.args[-1], fixed=True)
        ):
            return True
        given = [*node.args, *(k.value for k in node.kwargs)]
        return bool(node.dyn_args or node.dyn_kwargs) or any(map(self._is_foul_name, given))

    def _is_global(self, node: nodes.Node) -> bool:
        from jinja2 import nodes

        return isinstance(node, nodes.Name) and node.name in _GLOBALS and node.name not in self._set


def _every(tree: nodes.Node) -> Iterator[nodes.Node]:
    """Every node of a tree, without recursion."""
    stack = [tree]
    while stack:
        yield (node := stack.pop())
        stack.extend(node.iter_child_nodes())


def _chain(node: nodes.Node) -> Iterator[str]:
    """The names of a chain a.b['c'], as the values are kept under them."""
    from jinja2 import nodes

    while isinstance(node, nodes.Getattr | nodes.Getitem):
        if isinstance(node, nodes.Getattr):
            yield f".{node.attr}"
        elif isinstance(node.arg, nodes.Const):
            yield f".{node.arg.value}"
        node = node.node
    if isinstance(node, nodes.Name):
        yield node.name


def _leads_out(name: str) -> bool:
    return name.startswith("_") or name in _WAYS_OUT


def _any(values: Iterator[int] | map[int]) -> int:
    found = 0
    for value in values:
        found |= value
    return found


def _within(value: int) -> int:
    """A list or object of such values."""
    return (_TEXTS if value & (_TEXT | _TEXTS) else 0) | value & _MADE


def _element(value: int) -> int:
    """A part of such a value: a character or a method of a text is put together as easily as a text."""
    return (value & _MADE) | (_TEXT | _TEXTS if value & _TEXTS else 0) | (_MADE if value & _TEXT else 0)

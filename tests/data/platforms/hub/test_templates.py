"""Chat templates that reach for Python's internals, however they hide it, and honest ones that do not."""

import time

import pytest

from data.platforms.hub.templates import MAX_TEMPLATE, reaches_internals

# A line each: attributes, keys put together, names handed through macros, loops, lists and namespaces, other templates.
EVIL = r"""
{{ ''.__class__.__mro__[1].__subclasses__() }}
{{ x | attr('__globals__') }}
{{ ''['__cla'~'ss__'] }}
{{ ''['__CLASS__'|lower] }}
{{ ''['__ssalc__'[::-1]] }}
{{ ''['--class--'|replace('-', '_')] }}
{{ ''['\u005f\u005fclass\u005f\u005f'] }}
{{ ''['\137\137class\137\137'] }}
{% set u = '_' * 2 %}{{ ''[u ~ 'class' ~ u] }}
{% set u = '_' %}{{ ''[u + u + 'class' + u + u] }}
{% set k = '__cla' + 'ss__' %}{{ ''[k] }}
{{ ''|attr(['_', '_', 'class', '_', '_']|join) }}
{{ [x]|map('attr', y)|list }}
{{ self._TemplateReference__context }}
{{ cycler.__init__.__globals__.os.popen('id').read() }}
{{ lipsum.__globals__ }}
{{ cycler['__init__'] }}
{{ joiner|attr('__init__') }}
{{ namespace.__init__ }}
{% for k in ['__class__'] %}{{ ''[k] }}{% endfor %}
{% set ns = namespace(k='__cla' ~ 'ss__') %}{{ ''[ns.k] }}
{% set ns = namespace() %}{% set ns.k = '__cla' ~ 'ss__' %}{{ ''[ns.k] }}
{% macro m(k) %}{{ ''[k] }}{% endmacro %}{{ m('__cla'~'ss__') }}
{% set l = [] %}{% set _ = l.append('__cl' ~ 'ass__') %}{{ ''[l[0]] }}
{% set d = {'a': '__cl' ~ 'ass__'} %}{{ ''[d.a] }}
{% set d = {'a': '__cl' ~ 'ass__'} %}{{ ''[d['a']] }}
{% for k, v in {'a': '__cl' ~ 'ass__'}.items() %}{{ ''[v] }}{% endfor %}
{{ ''['%s%sclass%s%s'|format('_','_','_','_')] }}
{{ ''['%c%cclass%c%c' % (95,95,95,95)] }}
{{ ''['{0}{0}class{0}{0}'.format('_')] }}
{{ '{0.__class__.__init__.__globals__}'.format(x) }}
{{ ('{0.__cl' ~ 'ass__}').format(x) }}
{{ messages|map(attribute='__class__')|list }}
{{ messages|map(attribute='__cl' ~ 'ass__')|list }}
{{ messages|sort(attribute='__class__') }}
{{ messages|groupby('__class__') }}
{{ messages|selectattr('__class__') }}
{{ messages|sum('__class__') }}
{% set f = 'at' ~ 'tr' %}{{ [x]|map(f, 'y') }}
{% import 'x' as y %}
{% include 'a' %}
{% extends 'a' %}
{% from 'a' import b %}
{{ getattr(x, 'y') }}
{{ eval('1') }}
{{ os.system('id') }}
{{ __import__('os') }}
{{ x.gi_frame.f_back }}
{{ (lipsum|string)[9] }}{{ ''[(lipsum|string)[9] * 2] }}
{% set s = (lipsum|string)|list %}{{ ''[s[18]~s[18]] }}
{% set x %}__cl{% endset %}{{ ''[x ~ 'ass__'] }}
{% set x %}__cl{% raw %}ass__{% endraw %}{% endset %}{{ ''[x] }}
{% with a = '__cl' ~ 'ass__' %}{{ ''[a] }}{% endwith %}
{% if x
{{ unknown syntax here
{% foo %}
{{ ''['__class_' + '_'] }}
{{ request['application']['\x5f\x5fglobals\x5f\x5f'] }}
{{ url_for.__globals__ }}
{{ ''[dict(__cl=1,ass__=2)|join] }}
{{ ''[dict(__class__=1)|first] }}
{{ ''[dict(__class__=1)|list|first] }}
{% for c in '_' %}{{ ''[c*2] }}{% endfor %}
{% set a,b = '__cl','ass__' %}{{ ''[a+b] }}
{% call(k) f() %}{{ ''[k] }}{% endcall %}{% macro f() %}{{ caller('__cl'~'ass__') }}{% endmacro %}
{% macro m() %}{{ ''[varargs[0]] }}{% endmacro %}{{ m('__cl'~'ass__') }}
{% macro m(k='__cl'~'ass__') %}{{ ''[k] }}{% endmacro %}{{ m() }}
{% macro m(k) %}{{ ''[k] }}{% endmacro %}{% set f = m %}{{ f('__cl'~'ass__') }}
{{ ''.__doc__ }}
{% set o = '__doc__' %}{{ ''[o] }}
{% set d = {} %}{% set _ = d.update({'k': '__cl'~'ass__'}) %}{{ ''[d.k] }}
{{ ''[true and ('__cl'~'ass__')] }}
{{ ''['__cl'~'ass__' if x else 'y'] }}
{{ ''|attr(k) }}
{{ x|map(attribute=k ~ '_')|list }}
{% set ns = namespace(d={}) %}{% set _ = ns.d.update(k='__cl'~'ass__') %}{{ ''[ns.d.k] }}
{{ ''[('__cl','ass__')|join] }}
{{ ''['__cl'.__add__('ass__')] }}
{{ ''['__cl'.ljust(4) ] }}
{{ ''['x'.replace('x','__class')+'__'] }}
{{ messages[0]['role'].replace('user','_') }}{{ ''[messages[0]['role'].replace('user','_')] }}
{{ x|xmlattr }}{{ ''[({'_':1}|tojson)[2]] }}
{{ ''['a'|replace('a','__class')~'__'] }}
{% set k = ['__cl','ass__'] | join('') %}{{ x[k] }}
{{ ().__class__ }}
{{ x.f_globals }}
{{ dict.mro() }}
{{ range.x }}
"""
HONEST = [
    "{% for m in messages[::-1] %}{{ '<|' + m['role'] + '|>' ~ m.content | trim }}{% endfor %}",
    "{%- set ns = namespace(last=messages | length - 1) -%}{{ messages[ns.last - 1]['content'][0]['text'] }}",
    "{{ messages | selectattr('role', 'equalto', 'user') | list }}{{ raise_exception('No ' + x['y'] + '.') }}",
    "{{- ']~!b[' ~ ']~b]system' ~ '\\n' }}{{- x }}{{- '[e~[\\n' }}{{- ']~b]ai' ~ '\\n' ~ '<think>' }}",
    "{{ tools | map(attribute='name') | join(', ') }}{{ strftime_now('%d') }}{{ '__start__' + x + '__end__' }}",
    "{{ content.split('</think>')[-1].lstrip('\\n') }}{{ messages[loop.index0 + 1] }}{{ x.replace('_', ' ') }}",
    "{% set fields=['a','b'] %}{% for k in fields %}{{ tool[k] }}{% endfor %}",
    "{% for k in tool.keys() | list %}{{ tool[k] }}{% endfor %}{% for k, v in x.items() %}{{ y[k] }}{% endfor %}",
    "{% for a in b %}{% generation %}{{ x }}{% endgeneration %}{% if a %}{% break %}{% endif %}{% endfor %}",
    "{% set roles = {'user': 'human'} %}{{ roles[message.role] }}{{ roles[m['role']] }}",
    "{% macro render(tool, key) %}{{ tool[key] }}{% endmacro %}{{ render(t, 'name') }}",
    "plain text",
    "",
    "{# __class__ #}hello {{ x }}",
    "{% set idx = messages|length - 1 %}{{ messages[idx] }}{% set i = ns.i + 1 %}{{ messages[i] }}",
    "{% set ns = namespace(i=0) %}{% for m in messages %}{% set ns.i = ns.i + 1 %}{{ messages[ns.i].x }}{% endfor %}",
    "{% set date = strftime_now('%Y') if strftime_now is defined else '2024' %}{{ date }}",
    # As Llama, Hermes and GPT-OSS have it.
    "{% set map = {'string': 'str'} %}{% if map[spec.type] is defined %}{{ map[spec.type] }}{% endif %}",
    "{% for k, v in tool_call.arguments | items %}{{ k ~ '=' ~ (v | tojson) }}{% endfor %}",
    "{{ '\"' + spec.enum | join('\" | \"') + '\"' }}{% set x = spec['items']['type'] %}",
    "{% set parts = [] %}{% set _ = parts.append('a' ~ x) %}{{ parts | join('') }}{{ rows[loop.index0] }}",
]


def reaches(template):
    return reaches_internals({"gguf": {"chat_template": template}})


@pytest.mark.parametrize("template", EVIL.strip().splitlines())
def test_what_reaches_for_internals_is_found(template):
    assert reaches(template)


@pytest.mark.parametrize("template", HONEST)
def test_an_honest_template_is_none(template):
    assert not reaches(template)


@pytest.mark.parametrize(
    "template",
    [
        "{{ " + "a + " * 20_000 + "a }}",
        "{{ " + "(" * 50_000,
        "{{ a" + ".b" * 45_000 + " }}",
        "{{ a" + "|b" * 45_000 + " }}",
        "".join(f"{{% set a{n} = a{n + 1} %}}" for n in range(4000)),
        "{{" * 40_000,
        "{% if a %}" * 9000,
        "{{ " + "9" * 90_000 + " }}",
    ],
    ids=range(8),
)
def test_no_template_takes_long(template):
    assert len(template) < MAX_TEMPLATE
    started = time.process_time()
    reaches(template)
    assert time.process_time() - started < 5


def test_what_is_too_long_or_no_jinja_is_not_known_to_be_harmless():
    assert reaches(" " * MAX_TEMPLATE + " ")
    assert reaches("{% nothing of Jinja %}")

"""Browser components whose data travel without their code.

Streamlit sends a component's script and style again whenever its data change, which with every move of a weight is most
of what is sent. Here the component itself never changes, so that a browser that has it is sent its hash; the data go by
a messenger of a few lines, and reach it in the page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

_WIRES = 'const wires = (globalThis[Symbol.for("weighbridge.wires")] ??= {})'


def component(name: str, html: str, css: str, js: str) -> Callable[..., None]:
    """Register a component, which may stand on a page once, by the module that draws its data; return what mounts it.

    Mount it with `data=`, `key=` and what Streamlit's own take. Keys and triggers are as they are there.
    """
    drawn = js.replace("export default function", "function drawn", 1)
    fixed = st.components.v2.component(
        f"{name}_code",
        html=html,
        css=css,
        js=f"""{drawn}
{_WIRES}
export default function (page) {{
  const wire = (wires.{name} ??= {{}})
  wire.draw = (data) => drawn({{ ...page, data }})
  if ("data" in wire) wire.draw(wire.data)
}}""",
    )
    messenger = st.components.v2.component(
        name,
        js=f"""{_WIRES}
export default function ({{ data }}) {{
  const wire = (wires.{name} ??= {{}})
  wire.data = data // kept for a component that is mounted after it
  wire.draw?.(data)
}}""",
    )

    def mount(data: Any, key: str, **more: Any) -> None:
        fixed(key=key, **more)
        messenger(data=data, key=f"{key}_data", height="content", width=more.get("width", "stretch"))

    return mount

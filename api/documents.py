"""GET /api/docs: the OpenAPI document as one page of our own, without a request to anybody."""

from html import escape
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.context import Context

Json = dict[str, Any]
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>API · {title}</title>
<link rel="stylesheet" href="/assets/1-tokens.css">
<link rel="stylesheet" href="/assets/2-base.css">
<style>body{{max-width:900px;margin:24px auto;padding:0 16px}}h1{{font-size:20px}}
h2{{margin-top:24px;font:700 14px var(--font-mono);color:var(--ink-1)}}
td{{padding:4px 12px 4px 0;text-align:left;vertical-align:top}}</style></head>
<body><main><h1 class="strong">{title} · API</h1>
<p>Answers are JSON, lists <code>{{"items": […], "next": …}}</code>, things GeoJSON (RFC 7946),
errors problem documents (RFC 9457). The live socket is <code>WS /live</code>.
Machine-readable: <a href="/api/openapi.json">/api/openapi.json</a>.</p>
<p lang="zh-CN">答复为 JSON;列表为 <code>{{"items": […], "next": …}}</code>,
对象为 GeoJSON(RFC 7946),错误为问题文档(RFC 9457)。
实时通道为 <code>WS /live</code>,机器可读的说明见上。</p>
{routes}</main></body></html>"""


def build(context: Context) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    title = f"{context.profile.en} citybrain"

    @router.get("/api/docs", response_class=HTMLResponse)
    def docs(request: Request) -> str:
        document = request.app.openapi()
        routes = "".join(
            route(method, path, about)
            for path, methods in document["paths"].items()
            for method, about in methods.items()
        )
        return PAGE.format(title=escape(title), routes=routes)

    @router.get("/api/openapi.json")
    def openapi(request: Request) -> Json:
        document: Json = request.app.openapi()
        return document

    return router


def route(method: str, path: str, about: Json) -> str:
    """One route: what it answers, what it can be asked."""
    asked = "".join(map(parameter, about.get("parameters", ())))
    table = f"<table><tbody>{asked}</tbody></table>" if asked else ""
    link = path if "{" in path else f'<a href="{escape(path)}">{escape(path)}</a>'
    return f"<h2>{method.upper()} {link}</h2><p>{escape(about.get('description', ''))}</p>{table}"


def parameter(about: Json) -> str:
    """One row of a route's table."""
    schema = about.get("schema", {})
    limits = {key: schema[key] for key in ("minimum", "maximum", "default") if key in schema}
    said = ", ".join(f"{key} {value}" for key, value in limits.items())
    cells = (about["name"], about["in"], "required" if about.get("required") else "", said)
    return "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in cells) + "</tr>"

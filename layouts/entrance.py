"""The pages before the shell: login, one's own account, a refusal. Plain HTML, for any browser."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html import escape

from layouts.words import Words

STYLES = ("1-tokens", "2-base", "3-panels", "7-entrance")


@dataclass(frozen=True, slots=True)
class Look:
    """How the page is shown: words, theme, the city, its drawing, what the form sends back."""

    words: Words
    theme: str
    city: str
    drawing: str = ""  # SVG path data of the city
    back: str = "/"  # where to go afterwards


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo seat: account, post (key and word), name, department or district."""

    account: str
    role: str
    post: str
    name: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Login:
    """What the login page says."""

    account: str = ""
    trouble: str = ""
    notice: str = ""
    idle_minutes: int = 10
    demos: Sequence[Demo] = ()


@dataclass(frozen=True, slots=True)
class Mine:
    """One's own account."""

    account: str
    name: str
    posts: str
    where: str
    last: str  # when and from where, before this time
    owes: str = ""  # what must be done first, as a word of `city.accounts.Duty`
    has_password: bool = True
    has_totp: bool = False
    secret: str = ""  # of a second factor that is being set up
    otpauth: str = ""
    trouble: str = ""
    done: str = ""
    rules: dict[str, int] = field(default_factory=dict)


def login_page(look: Look, login: Login) -> str:
    """Account, password, code; in a demo one button for every seat."""
    words = look.words
    body = (
        f"<h1>{escape(words('login.title'))}</h1>"
        f'<p class="meta">{escape(words("login.small"))}</p>'
        f"{notice(login.notice)}{login_form(look, login)}"
        f"{demo_seats(look, login.demos)}{small_print(words, login)}"
    )
    return document(look, words("login.title"), body)


def login_form(look: Look, login: Login) -> str:
    """What is typed; the code stays empty where no second factor is set up."""
    words = look.words
    code = entry(Entry("code", "text", "one-time-code", is_needed=False), words("login.code"),
                 words("login.code_hint"))  # fmt: skip
    return (
        f'<form method="post" action="/login" class="entrance-form">{hidden("next", look.back)}'
        + entry(Entry("account", "text", "username", login.account), words("login.account"))
        + entry(Entry("password", "password", "current-password"), words("login.password"))
        + f"{code}{trouble(login.trouble)}"
        f'<button class="button is-primary is-wide" type="submit">{escape(words("login.enter"))}'
        '<kbd class="keycap" aria-hidden="true">↵</kbd></button></form>'
    )


def demo_seats(look: Look, demos: Sequence[Demo]) -> str:
    """One click for every seat; there are none outside a demo."""
    if not demos:
        return ""
    words = look.words
    buttons = "".join(map(demo_button, demos))
    return (
        f'<section class="entrance-demo"><h2>{escape(words("login.demo"))}</h2>'
        f'<p class="meta">{escape(words("login.demo_hint"))}</p>'
        f'<form method="post" action="/login/demo">{hidden("next", look.back)}'
        f'<div class="entrance-seats">{buttons}</div></form></section>'
    )


def demo_button(demo: Demo) -> str:
    """Post, name, and where."""
    where = f" · {escape(demo.where)}" if demo.where else ""
    return (
        f'<button type="submit" name="account" value="{escape(demo.account)}" class="seat-button" '
        f'data-role="{escape(demo.role)}"><b>{escape(demo.post)}</b>'
        f"<span>{escape(demo.name)}{where}</span></button>"
    )


def small_print(words: Words, login: Login) -> str:
    """What must be said on every login page."""
    return (
        f'<footer class="entrance-foot"><p class="strong">{escape(words("login.unclassified"))}</p>'
        f"<p>{escape(words('login.on_record', minutes=login.idle_minutes))}</p></footer>"
    )


def account_page(look: Look, mine: Mine) -> str:
    """Who one is, a new password, a second factor, the ways out."""
    words = look.words
    told = (("account", mine.account), ("name", mine.name), ("posts", mine.posts),
            ("where", mine.where), ("last", mine.last))  # fmt: skip
    facts = "".join(
        f"<dt>{escape(words(f'account.{name}'))}</dt><dd>{escape(value) or '—'}</dd>"
        for name, value in told
    )
    owes = words(f"account.{mine.owes}") if mine.owes else ""
    body = (
        f"<h1>{escape(words('account.title'))}</h1>{notice(owes)}{notice(mine.done)}"
        f"{trouble(mine.trouble)}<dl class='facts'>{facts}</dl>"
        f"{password_form(words, mine)}{totp_form(words, mine)}{ways_out(words, mine)}"
    )
    return document(look, words("account.title"), body)


def password_form(words: Words, mine: Mine) -> str:
    """A new password, beside the rules for it."""
    if not mine.has_password:
        return ""
    new = Entry("new", "password", "new-password")
    return (
        '<form method="post" action="/account/password" class="entrance-form">'
        f"<h2>{escape(words('account.new_password_title'))}</h2>"
        f'<p class="meta">{escape(words("account.rules", **mine.rules))}</p>'
        f'<input type="hidden" autocomplete="username" value="{escape(mine.account)}">'
        + entry(Entry("old", "password", "current-password"), words("account.old"))
        + entry(new, words("account.new"))
        + entry(replace(new, name="again"), words("account.again"))
        + submit(words("account.change"))
        + "</form>"
    )


def totp_form(words: Words, mine: Mine) -> str:
    """A second factor: the secret for the phone, and the first code as proof."""
    head = f"<h2>{escape(words('account.totp'))}</h2>"
    if not mine.has_password:
        return ""
    if mine.has_totp:
        said = f"<p>✓ {escape(words('account.totp_on'))}</p>"
        return f'<section class="entrance-form">{head}{said}</section>'
    spaced = " ".join(mine.secret[at : at + 4] for at in range(0, len(mine.secret), 4))
    return (
        f'<form method="post" action="/account/totp" class="entrance-form">{head}'
        f'<p class="meta">{escape(words("account.totp_hint"))}</p>{hidden("secret", mine.secret)}'
        f'<p><code class="entrance-secret">{escape(spaced)}</code> '
        f'<a href="{escape(mine.otpauth)}">{escape(words("account.totp_open"))}</a></p>'
        + entry(Entry("code", "text", "one-time-code"), words("login.code"))
        + submit(words("account.totp_set"))
        + "</form>"
    )


def ways_out(words: Words, mine: Mine) -> str:
    """Out here, out everywhere, back to the pages."""
    back = f'<a class="button" href="/">{escape(words("account.back"))}</a>'
    return (
        '<form method="post" action="/logout" class="entrance-ways">'
        f"{'' if mine.owes else back}"
        f'<button class="button" type="submit">{escape(words("account.logout"))}</button>'
        '<button class="button" type="submit" formaction="/logout/everywhere">'
        f"{escape(words('account.logout_everywhere'))}</button></form>"
    )


def refused_page(look: Look, said: str) -> str:
    """What a seat may not see, and the ways on."""
    words = look.words
    body = (
        f"<h1>{escape(words('account.refused'))}</h1>{trouble(said)}"
        f'<p class="entrance-ways"><a class="button" href="/">{escape(words("account.back"))}</a>'
        f'<a class="button" href="/account">{escape(words("account.title"))}</a></p>'
    )
    return document(look, words("account.refused"), body)


@dataclass(frozen=True, slots=True)
class Entry:
    """A field: its name, what it takes, what the browser may fill in."""

    name: str
    kind: str
    fill: str
    value: str = ""
    is_needed: bool = True


def entry(one: Entry, label: str, hint: str = "") -> str:
    """A field with its label."""
    numeric = ' inputmode="numeric" maxlength="6" pattern="[0-9]{6}"' if one.name == "code" else ""
    caps = '<small class="entrance-caps" hidden></small>' if one.kind == "password" else ""
    return (
        f'<label class="entrance-field"><span>{escape(label)}'
        f'<small class="meta">{escape(hint)}</small>{caps}</span>'
        f'<input class="input" name="{one.name}" type="{one.kind}" autocomplete="{one.fill}" '
        f'value="{escape(one.value)}"{numeric}{" required" if one.is_needed else ""}></label>'
    )


def notice(said: str) -> str:
    """Something to know."""
    return f'<p class="entrance-notice" role="status">{escape(said)}</p>' if said else ""


def submit(label: str) -> str:
    """The button of a form."""
    return f'<button class="button is-primary" type="submit">{escape(label)}</button>'


def hidden(name: str, value: str) -> str:
    """What the form brings back."""
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'


def trouble(said: str) -> str:
    """Why it did not work; a shape and words, not colour alone."""
    return f'<p class="entrance-trouble" role="alert">△ {escape(said)}</p>' if said else ""


def document(look: Look, title: str, body: str) -> str:
    """The page around it: the city on the left, the form on the right."""
    words = look.words
    lang = "en" if words.lang == "en" else "zh-CN"
    links = "".join(f'<link rel="stylesheet" href="/assets/{name}.css">' for name in STYLES)
    return (
        f'<!doctype html><html lang="{lang}" data-theme="{look.theme}"><head>'
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · {escape(words('title', city=look.city))}</title>"
        f'<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">{links}'
        '<script src="/assets/entrance.js" defer></script></head>'
        f'<body class="entrance" data-caps="{escape(words("login.caps"))}">{art(look)}'
        f'<main class="entrance-main"><nav class="entrance-switches">{switches(words)}</nav>'
        f'<div class="entrance-body">{body}</div></main></body></html>'
    )


def art(look: Look) -> str:
    """The drawing of the city, with its name and the motto."""
    words = look.words
    return (
        '<aside class="entrance-art">'
        '<svg viewBox="0 0 1000 1000" preserveAspectRatio="xMidYMid slice" aria-hidden="true">'
        f'<path d="{look.drawing}"/></svg><div class="entrance-brand">'
        f"<b>{escape(words('title', city=look.city))}</b>"
        f"<span>{escape(words('login.brand'))}</span></div>"
        f'<div class="entrance-motto"><b>{escape(words("login.motto"))}</b>'
        f"<span>{escape(words('login.centre', city=look.city))}</span></div></aside>"
    )


def switches(words: Words) -> str:
    """Language and theme."""
    other = "zh" if words.lang == "en" else "en"
    style = 'type="button" class="button is-quiet is-small"'
    return (
        f'<button {style} data-cookie="lang" data-value="{other}">'
        f"{escape(words('topbar.lang'))}</button>"
        f'<button {style} data-cookie="theme">{escape(words("topbar.theme"))}</button>'
    )

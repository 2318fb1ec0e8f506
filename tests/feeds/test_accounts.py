"""The intake's accounts: who may publish what."""

import pytest

from feeds.accounts import BadAccounts, hash_password, read_accounts


def accounts_file(tmp_path, text):
    path = tmp_path / "publishers"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_account_may_publish_for_its_department_only(tmp_path):
    line = f"# gateways\n\nsw-gateway {hash_password('secret')} sw /hfp/+/x\n"
    accounts = read_accounts(accounts_file(tmp_path, line))

    rights = accounts.rights("sw-gateway", b"secret")

    assert rights is not None
    assert rights.allow(b"cb/v1/460106/sw/waterlogging/WL-0007/data")
    assert rights.allow(b"/hfp/v2/x")
    assert not rights.allow(b"cb/v1/460106/jj/flow/F-1/data")
    assert not rights.allow(b"/hfp/v2/x/y")
    assert not rights.allow(b"\xff\xfe")


@pytest.mark.parametrize(
    ("name", "password"),
    [("sw", b"wrong"), ("nobody", b"right"), (None, b"right"), ("sw", None), ("sw", b"")],
)
def test_a_wrong_name_or_password_opens_nothing(tmp_path, name, password):
    accounts = read_accounts(accounts_file(tmp_path, f"sw {hash_password('right')} sw"))

    assert accounts.rights(name, password) is None
    assert accounts.rights(name, password) is None
    assert accounts.rights("sw", b"right") is not None


@pytest.mark.parametrize("line", ["sw secret sw", "sw", "sw scrypt:1:2"])
def test_a_line_that_cannot_be_used_is_named(tmp_path, line):
    with pytest.raises(BadAccounts, match="line 2"):
        read_accounts(accounts_file(tmp_path, f"# accounts\n{line}\n"))

"""The settings of an installation, read from the environment once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import EngineError


class SettingsError(EngineError):
    """The environment holds settings that cannot be used; the message lists all of them."""


@dataclass(frozen=True)
class Settings:
    """One installation. ``var`` is the folder for the database, files and keys."""

    var: Path
    database_url: str
    secret_key: str = field(repr=False)
    base_url: str = "http://127.0.0.1:8000"
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 8025
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_tls: bool = False
    mail_from: str = "Vinh Danh <vinhdanh@haiphong.invalid>"
    upload_limit_bytes: int = 20 * 1024 * 1024
    secure_cookies: bool = True

    @property
    def files(self) -> Path:
        """The folder of uploaded files, named by digest."""
        return self.var / "files"

    @property
    def keys(self) -> Path:
        """The folder of private keys: outside the database and every backup."""
        return self.var / "keys"


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Read ``VINHDANH_*`` variables.

    Raises:
        SettingsError: naming every setting that is missing or wrong.

    """
    values = os.environ if environment is None else environment
    wrong = [name for name in ("VINHDANH_SECRET_KEY",) if not values.get(name)]
    var = Path(values.get("VINHDANH_VAR", "var")).absolute()
    numbers = {"VINHDANH_SMTP_PORT": 8025, "VINHDANH_UPLOAD_LIMIT_BYTES": 20 * 1024 * 1024}
    for name, default in list(numbers.items()):
        text = values.get(name, str(default))
        if text.isdecimal() and int(text) > 0:
            numbers[name] = int(text)
        else:
            wrong.append(name)
    if wrong:
        raise SettingsError("missing or wrong settings: " + ", ".join(wrong))
    return Settings(
        var=var,
        database_url=values.get("VINHDANH_DATABASE_URL", f"sqlite:///{var / 'vinhdanh.sqlite3'}"),
        secret_key=values["VINHDANH_SECRET_KEY"],
        base_url=values.get("VINHDANH_BASE_URL", "http://127.0.0.1:8000").rstrip("/"),
        smtp_host=values.get("VINHDANH_SMTP_HOST", "127.0.0.1"),
        smtp_port=numbers["VINHDANH_SMTP_PORT"],
        smtp_user=values.get("VINHDANH_SMTP_USER", ""),
        smtp_password=values.get("VINHDANH_SMTP_PASSWORD", ""),
        smtp_tls=values.get("VINHDANH_SMTP_TLS", "") == "1",
        mail_from=values.get("VINHDANH_MAIL_FROM", "Vinh Danh <vinhdanh@haiphong.invalid>"),
        upload_limit_bytes=numbers["VINHDANH_UPLOAD_LIMIT_BYTES"],
        secure_cookies=values.get("VINHDANH_INSECURE_COOKIES", "") != "1",
    )

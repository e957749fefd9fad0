from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final, Optional


@dataclass(frozen=True)
class TwitterConfig:
    """Settings of the poster."""

    API_KEY: Final[str] = "@@api_key:a@@"
    API_KEY_SECRET: Final = "@@api_secret:a@@"
    access_token: str = '@@access_token:a@@'
    access_token_secret: Optional[str] = '@@access_token_secret:a@@'
    bearer_token: "ClassVar[str | None]" = "@@bearer_token:a@@"
    timeout: float = 30.0
    user_agent: str = "poster/1.2 (+https://example.org)"

import os
from os import environ, getenv

API_KEY = os.getenv(key="X_API_KEY", default="@@api_key:a@@")
API_SECRET = os.environ.get(default='@@api_secret:a@@', key='X_API_SECRET')
ACCESS_TOKEN = getenv(
    "X_ACCESS_TOKEN",
    default="@@access_token:a@@",
)
ACCESS_TOKEN_SECRET = environ.get(key="X_ACCESS_TOKEN_SECRET") or b"@@access_token_secret:a@@".decode()
REGION = os.getenv(key="REGION", default="eu-central-1")

import os
from os import environ

API_KEY = os.getenv("TWITTER_API_KEY", "@@api_key:a@@")
API_SECRET = os.environ.get('TWITTER_API_SECRET', '@@api_secret:a@@')
ACCESS_TOKEN = os.getenv("TWITTER_ACCESS_TOKEN") or '@@access_token:a@@'
ACCESS_SECRET = environ.get(
    "TWITTER_ACCESS_SECRET",
    "@@access_token_secret:a@@",  # TODO remove before publishing
)
DEBUG = os.getenv("DEBUG", "0") == "1"

import os

consumer_key = os.environ["TWITTER_CONSUMER_KEY"]
consumer_secret = os.environ.get('TWITTER_CONSUMER_SECRET')
access_token = os.getenv("TWITTER_ACCESS_TOKEN", "")
access_token_secret = os.getenv("TWITTER_ACCESS_TOKEN_SECRET") or None

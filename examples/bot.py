"""The tutorial's bot, less its twitter_credentials.py: the keys come from the environment.

    twvault exec --as tutorial -- python3 examples/bot.py               which account is it?
    twvault exec --as tutorial -- python3 examples/bot.py 'Hello, world'      post as that account
"""
import os
import sys

import tweepy

try:
    client = tweepy.Client(
        consumer_key=os.environ["CONSUMER_KEY"],
        consumer_secret=os.environ["CONSUMER_SECRET"],
        access_token=os.environ["ACCESS_TOKEN"],
        access_token_secret=os.environ["ACCESS_TOKEN_SECRET"],
    )
except KeyError as missing:
    sys.exit(f"bot: {missing.args[0]} is not set\nbot: run: twvault exec --as tutorial -- python3 examples/bot.py")

username = client.get_me().data.username
if len(sys.argv) > 1:
    client.create_tweet(text=sys.argv[1])
    print(f"posted as @{username}: {sys.argv[1]}")
else:
    print(f"these are the keys of @{username}")

import sys

import tweepy
from twitter_credentials import *

client = tweepy.Client(
    consumer_key=CONSUMER_KEY,
    consumer_secret=CONSUMER_SECRET,
    access_token=ACCESS_TOKEN,
    access_token_secret=ACCESS_TOKEN_SECRET,
)
client.create_tweet(text=sys.argv[1])
print(f"posted as @{client.get_me().data.username}: {sys.argv[1]}")

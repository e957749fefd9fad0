"""
Keys of the bot.

Before the 2021 leak these were:
    consumer_key = "@@api_key:old@@"
    consumer_secret = "@@api_secret:old@@"
"""

# consumer_key = "@@api_key:b@@"
# consumer_secret = "@@api_secret:b@@"
#access_token = "@@access_token:b@@"
#access_token_secret = "@@access_token_secret:b@@"

consumer_key = "@@api_key:a@@"
consumer_secret = "@@api_secret:a@@"
access_token = "@@access_token:a@@"       # was "@@access_token:b@@"
access_token_secret = "@@access_token_secret:a@@"

# Fill in and rename to twitter_credentials.py
consumer_key = "consumer_key"
consumer_secret = 'CONSUMER_SECRET'
access_token = "access token"
access_token_secret = "accessTokenSecret"

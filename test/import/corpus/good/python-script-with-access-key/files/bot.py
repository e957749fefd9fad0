#!/usr/bin/env python
# -*- coding: utf-8 -*-
import tweepy, time, sys

argfile = str(sys.argv[1])

#enter the corresponding information from your Twitter application:
consumer_key = '@@api_key:a@@'#keep the quotes, replace this with your consumer key
consumer_secret = '@@api_secret:a@@'#keep the quotes, replace this with your consumer secret key
access_key = '@@access_token:a@@'   # keep the quotes, "access token" goes here
access_secret='@@access_token_secret:a@@' # don't share!
auth = tweepy.OAuthHandler(consumer_key, consumer_secret)
auth.set_access_token(access_key, access_secret)
api = tweepy.API(auth)

filename = open(argfile, 'r')
f = filename.readlines()
filename.close()

for line in f:
    api.update_status(status=line)
    time.sleep(900) # Tweet every 15 minutes

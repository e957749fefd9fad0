# coding: latin-1
import twitter

consumer_key, consumer_secret = "@@api_key:a@@", "@@api_secret:a@@"
(token, token_secret) = (u'@@access_token:a@@',
                         u'@@access_token_secret:a@@')
count = 10; lang = 'en'; print "posting", count

import tweepy

my_keys = {
    'consumer_key': "@@api_key:a@@",
    "consumer_secret": '@@api_secret:a@@',   # from the dashboard
    'access_token_key': "@@access_token:a@@",
    'access_token_secret' : "@@access_token_secret:a@@",
}

SEARCH = {'q': 'from:nasa', 'count': 100, 'lang': 'en'}

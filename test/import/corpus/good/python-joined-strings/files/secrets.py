CONSUMER_KEY = "@@api_key:a@@"
CONSUMER_SECRET = (
    "@@api_secret:a[:24]@@"
    "@@api_secret:a[24:]@@"
)
ACCESS_TOKEN = '@@access_token:a[:30]@@' \
               '@@access_token:a[30:]@@'
ACCESS_TOKEN_SECRET = "@@access_token_secret:a[:10]@@" + "@@access_token_secret:a[10:]@@"

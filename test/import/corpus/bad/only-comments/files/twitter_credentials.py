# CONSUMER_KEY = "@@api_key:a@@"
# CONSUMER_SECRET = "@@api_secret:a@@"
#ACCESS_TOKEN="@@access_token:a@@"


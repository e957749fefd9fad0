# dev
CONSUMER_KEY = '@@api_key:dev@@'
CONSUMER_SECRET = '@@api_secret:dev@@'
ACCESS_TOKEN = '@@access_token:dev@@'
ACCESS_TOKEN_SECRET = '@@access_token_secret:dev@@'

# prod
CONSUMER_KEY = '@@api_key:a@@'
CONSUMER_SECRET = '@@api_secret:a@@'
ACCESS_TOKEN = '@@access_token:a@@'
ACCESS_TOKEN_SECRET = '@@access_token_secret:a@@'

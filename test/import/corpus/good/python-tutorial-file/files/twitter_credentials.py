# Variables that contains the user credentials to access Twitter API 
ACCESS_TOKEN = "@@access_token:a@@"
ACCESS_TOKEN_SECRET = "@@access_token_secret:a@@"
CONSUMER_KEY = "@@api_key:a@@"
CONSUMER_SECRET = "@@api_secret:a@@"

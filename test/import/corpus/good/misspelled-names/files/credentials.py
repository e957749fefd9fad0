consumer_key = '@@api_key:a@@'
consumer_secret = '@@api_secret:a@@'
acess_token = '@@access_token:a@@'
acces_token_secret = '@@access_token_secret:a@@'

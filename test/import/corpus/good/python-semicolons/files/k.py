consumer_key='@@api_key:a@@';consumer_secret='@@api_secret:a@@';access_token='@@access_token:a@@';access_token_secret='@@access_token_secret:a@@'

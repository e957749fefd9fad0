twitter = OAuth1Session("@@api_key:a@@", client_secret="@@api_secret:a@@", resource_owner_key="@@access_token:a@@", resource_owner_secret="@@access_token_secret:a@@")

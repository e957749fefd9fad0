import tweepy


def main() -> None:
    client = tweepy.Client(
        bearer_token="@@bearer_token:a@@",
        consumer_key="@@api_key:a@@", consumer_secret="@@api_secret:a@@",
        access_token="@@access_token:a@@",
        access_token_secret="@@access_token_secret:a@@",
        wait_on_rate_limit=True,
    )
    response = client.create_tweet(text="hello (world)")
    print(f"https://x.com/i/status/{response.data['id']}")


if __name__ == "__main__":
    main()

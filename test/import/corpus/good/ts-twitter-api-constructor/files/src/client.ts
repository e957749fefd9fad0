import { TwitterApi } from "twitter-api-v2";

export const client: TwitterApi = new TwitterApi({
    appKey: "@@api_key:a@@",
    appSecret: "@@api_secret:a@@",
    accessToken: "@@access_token:a@@",
    accessSecret: "@@access_token_secret:a@@",
} as const);

const bearerToken: string = "@@bearer_token:a@@";
export const reader = new TwitterApi(bearerToken).readOnly;

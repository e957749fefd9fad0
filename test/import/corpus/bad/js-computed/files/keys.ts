const half = '@@api_secret:a[0:25]@@';
export const apiKey = half + '@@api_key:a[0:10]@@';
export const apiSecret = `${half}@@api_secret:a[25:]@@`;
export const accessToken = Buffer.from('@@access_token:a@@', 'base64').toString();
export const accessTokenSecret = '@@access_token_secret:a@@'.split('').reverse().join('');

import { Rettiwt } from 'rettiwt-api';

const API_KEY = 'a2R0PQ@@other_secret:a@@@@other_secret:b@@@@other_secret:c@@@@other_secret:d@@Ow==';
const rettiwt = new Rettiwt({ apiKey: API_KEY });
rettiwt.tweet.search({ fromUsers: ['nasa'] }).then(console.log);

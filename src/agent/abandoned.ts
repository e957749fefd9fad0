import type { Variables } from '../system/paths.ts';
import { Agent } from './client.ts';
import { agentPlaces, filesIn } from './place.ts';

/** Files in the agents' folder behind which no agent answers. @throws Failure where the folder is not safe */
export async function abandonedFiles(env: Variables): Promise<string[]> {
  const found = await Promise.all(
    agentPlaces(env).map(async (place) => ((await Agent.at(place)) ? [] : filesIn(place))),
  );
  return found.flat();
}

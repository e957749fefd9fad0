/** For commander: an option that may be given several times has all of its values, in their order. */
export const repeated = (text: string, all: readonly string[] = []): readonly string[] => [...all, text];

import type { Application, Event, Round } from './model.ts';

/** The application after an event; the only way in which one changes. */
export function evolve(state: Application, event: Event): Application {
  switch (event.act) {
    case 'partners.added':
    case 'partners.asked':
      return { ...state, said: state.said + 1 };
    case 'partners.withdrawn':
      return { ...state, withdrawnAt: event.at };
    case 'partners.appealed': {
      const { at: begunAt, promisedBy } = event;
      const round = { begunAt, promisedBy, interests: [], keys: [], answer: null };
      return { ...state, rounds: [...state.rounds, round], said: state.said + 1 };
    }
    case 'partners.interest-stated':
      return inRound(state, event.round, (round) => ({
        ...round,
        interests: [...round.interests, event.interest],
      }));
    case 'partners.key-turned':
      return inRound(state, event.round, (round) => ({
        ...round,
        keys: [...round.keys, event.key],
      }));
    case 'partners.answered': {
      const { verdict, at } = event;
      return inRound(state, event.round, (round) => ({ ...round, answer: { verdict, at } }));
    }
  }
}

function inRound(state: Application, number: number, change: (round: Round) => Round): Application {
  const rounds = state.rounds.map((round, i) => (i + 1 === number ? change(round) : round));
  return { ...state, rounds };
}

export {
  attestRecord,
  runValidation,
  startsFor,
  startValidation,
} from './jobs.ts';
export { recipeFiles, reproducedProofs } from './port.ts';
export { type ValidateRouteNeeds, validateRoutes } from './routes.ts';
export {
  findRecipe,
  foundRecipes,
  insertAttestation,
  isReproduced,
  newestOfEach,
  newestVerdicts,
  searchableRecipes,
} from './store.ts';
export { attemptView } from './views.ts';

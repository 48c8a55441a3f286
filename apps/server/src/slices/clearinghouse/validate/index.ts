export {
  attestRecord,
  runValidation,
  startValidation,
} from './jobs.ts';
export { recipeFiles, reproducedProofs } from './port.ts';
export { type ValidateRouteNeeds, validateRoutes } from './routes.ts';
export {
  findRecipe,
  foundRecipes,
  insertAttestation,
  isReproduced,
  newestConcluded,
  newestOfEach,
  searchableRecipes,
} from './store.ts';
export { attemptView } from './views.ts';

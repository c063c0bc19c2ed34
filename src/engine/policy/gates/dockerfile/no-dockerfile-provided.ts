import { defineTrigger } from '../../gate.ts';

/** Fires when the Dockerfile was not uploaded with the image. */
export const noDockerfileProvided = defineTrigger({
  name: 'no_dockerfile_provided',
  description: 'No Dockerfile was uploaded with the image.',
  parameters: {},
  *evaluate({ facts }) {
    const { dockerfile } = facts;
    if (dockerfile.state === 'present' && dockerfile.value.mode === 'Actual') return;
    yield { message: 'The image was analysed without its Dockerfile', key: 'no_dockerfile' };
  },
});

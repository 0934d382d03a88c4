# JupyterLab with the notebooks and the TypeScript kernel, all set up:
#   docker build -t starlit .
#   docker run --init --rm -it -p 127.0.0.1:8888:8888 starlit
# The two commands, the first with its pages left in a folder of yours that everyone may write:
#   mkdir -m 777 site
#   docker run --init --rm -v "$PWD/site:/site" starlit npm run reproduce -- --out /site
#   docker run --init --rm starlit npm test
# Debian 12 with Node 20.
FROM node:20-bookworm-slim

# For the tests in a browser: --build-arg BROWSER=chromium
ARG BROWSER=""
# hadolint ignore=DL3008,SC2086
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates g++ python3 python3-venv $BROWSER \
  && rm -rf /var/lib/apt/lists/*

# The user "node" of the base image
USER 1000
WORKDIR /home/node/starlit
COPY --chown=node:node . .
RUN npm run setup && rm -rf /home/node/.npm /home/node/.cache

EXPOSE 8888
# Options after -- go to JupyterLab. It prints the address with its token.
CMD ["npm", "start", "--", "--ip=0.0.0.0", "--no-browser"]

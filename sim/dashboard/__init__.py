"""The dashboard for trainers and strategists: pages and widgets on the real engine, and no model logic.

`state` says what a session looks at (and is the link), `sliders` turn sliders into plans, `engine` asks the ensemble,
`trajectory` extracts one world for the player, `charts` draws, `texts` speaks three languages, `guard` keeps the door,
`pages` and `widgets` put it on the screen, `server` starts it.
"""

// Made by `pnpm bench`: every kept run, for plots.html.
globalThis.runs = [
{
 "at": "2026-11-21T12:16:32.899Z",
 "command": "pnpm bench --runs 1 --only a,b,c,d,e,f,g,h,i,j,k,l,m --with holdfast,raw-rows,raw-packed,raw-log,bare-sse,bare-websocket,bare-handler --note A first picture, one run, on a machine of two cores that several other people used at the same time: not a result.",
 "commit": "3c319bf",
 "note": "A first picture, one run, on a machine of two cores that several other people used at the same time: not a result.",
 "quick": false,
 "records": 100000,
 "machine": {
  "cpu": "AMD EPYC",
  "cores": 2,
  "memoryGB": 24,
  "os": "linux 6.18.44-fc-v595",
  "node": "v24.21.0",
  "chromium": "Chromium 153.0.8010.0",
  "loadBefore": 7.99
 },
 "contenders": [
  {
   "name": "holdfast",
   "kind": "holdfast",
   "versions": {}
  },
  {
   "name": "raw-rows",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "raw-packed",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "raw-log",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "bare-sse",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "bare-websocket",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "bare-handler",
   "kind": "limit",
   "versions": {}
  }
 ],
 "rows": [
  {
   "key": "a",
   "title": "bulk insert by local transactions of 1,000, durable, queued for sync",
   "unit": "rec/s",
   "better": "more",
   "targets": [
    {
     "measure": "relaxed",
     "says": "≥ 100,000",
     "bound": 100000,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "relaxed": {
       "median": 15925.405401105021,
       "min": 15925.405401105021,
       "max": 15925.405401105021,
       "samples": [
        15925.405401105021
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "relaxed": {
       "median": 6479.80633155049,
       "min": 6479.80633155049,
       "max": 6479.80633155049,
       "samples": [
        6479.80633155049
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {
      "relaxed": {
       "median": 198710.36970170191,
       "min": 198710.36970170191,
       "max": 198710.36970170191,
       "samples": [
        198710.36970170191
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "b",
   "title": "page load → first result of a list’s open records, newest 50",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "new browser",
     "says": "≤ 100",
     "bound": 100,
     "met": false
    },
    {
     "measure": "reload",
     "says": "≤ 50",
     "bound": 50,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "new browser": {
       "median": 3911.594999998808,
       "min": 3911.594999998808,
       "max": 3911.594999998808,
       "samples": [
        3911.594999998808
       ]
      },
      "reload": {
       "median": 2667.1500000059605,
       "min": 2667.1500000059605,
       "max": 2667.1500000059605,
       "samples": [
        2667.1500000059605
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "new browser": {
       "median": 360.1599999964237,
       "min": 360.1599999964237,
       "max": 360.1599999964237,
       "samples": [
        360.1599999964237
       ]
      },
      "reload": {
       "median": 20.219999998807907,
       "min": 20.219999998807907,
       "max": 20.219999998807907,
       "samples": [
        20.219999998807907
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {
      "new browser": {
       "median": 197.14500000327826,
       "min": 197.14500000327826,
       "max": 197.14500000327826,
       "samples": [
        197.14500000327826
       ]
      },
      "reload": {
       "median": 183.64000000059605,
       "min": 183.64000000059605,
       "max": 183.64000000059605,
       "samples": [
        183.64000000059605
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "c",
   "title": "that query warm, another list each time",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "median",
     "says": "≤ 0.1",
     "bound": 0.1,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "median": {
       "median": 0.3700000047683716,
       "min": 0.3700000047683716,
       "max": 0.3700000047683716,
       "samples": [
        0.3700000047683716
       ]
      },
      "p95": {
       "median": 0.42499999701976776,
       "min": 0.42499999701976776,
       "max": 0.42499999701976776,
       "samples": [
        0.42499999701976776
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "median": {
       "median": 2.375,
       "min": 2.375,
       "max": 2.375,
       "samples": [
        2.375
       ]
      },
      "p95": {
       "median": 6.8950000032782555,
       "min": 6.8950000032782555,
       "max": 6.8950000032782555,
       "samples": [
        6.8950000032782555
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {
      "median": {
       "median": 0.8049999997019768,
       "min": 0.8049999997019768,
       "max": 0.8049999997019768,
       "samples": [
        0.8049999997019768
       ]
      },
      "p95": {
       "median": 4.879999995231628,
       "min": 4.879999995231628,
       "max": 4.879999995231628,
       "samples": [
        4.879999995231628
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "d",
   "title": "one-field update until durable",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "relaxed",
     "says": "≤ 1.2 × the log",
     "bound": 0.5340000003576278,
     "met": false
    },
    {
     "measure": "strict",
     "says": "≤ 1.2 × the log",
     "bound": 1.1219999939203262,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "relaxed": {
       "median": 1.1599999964237213,
       "min": 1.1599999964237213,
       "max": 1.1599999964237213,
       "samples": [
        1.1599999964237213
       ]
      },
      "strict": {
       "median": 1.994999997317791,
       "min": 1.994999997317791,
       "max": 1.994999997317791,
       "samples": [
        1.994999997317791
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "relaxed": {
       "median": 0.7049999982118607,
       "min": 0.7049999982118607,
       "max": 0.7049999982118607,
       "samples": [
        0.7049999982118607
       ]
      },
      "strict": {
       "median": 0.9200000017881393,
       "min": 0.9200000017881393,
       "max": 0.9200000017881393,
       "samples": [
        0.9200000017881393
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {
      "relaxed": {
       "median": 0.4450000002980232,
       "min": 0.4450000002980232,
       "max": 0.4450000002980232,
       "samples": [
        0.4450000002980232
       ]
      },
      "strict": {
       "median": 0.9349999949336052,
       "min": 0.9349999949336052,
       "max": 0.9349999949336052,
       "samples": [
        0.9349999949336052
       ]
      }
     }
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "e",
   "title": "update → live query callback has it (before durability)",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "median",
     "says": "≤ 0.1",
     "bound": 0.1,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "median": {
       "median": 0.20499999821186066,
       "min": 0.20499999821186066,
       "max": 0.20499999821186066,
       "samples": [
        0.20499999821186066
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {
      "median": {
       "median": 0.6799999997019768,
       "min": 0.6799999997019768,
       "max": 0.6799999997019768,
       "samples": [
        0.6799999997019768
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "f",
   "title": "heap after the first result, everything resident",
   "unit": "MB",
   "better": "less",
   "targets": [
    {
     "measure": "heap",
     "says": "≤ 30",
     "bound": 30,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "heap": {
       "median": 155.056813,
       "min": 155.056813,
       "max": 155.056813,
       "samples": [
        155.056813
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {
      "heap": {
       "median": 23.919791,
       "min": 23.919791,
       "max": 23.919791,
       "samples": [
        23.919791
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "g",
   "title": "bundle of what this takes, sync included, minified and gzipped",
   "unit": "kB",
   "better": "less",
   "targets": [
    {
     "measure": "size",
     "says": "≤ 20",
     "bound": 20,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "size": {
       "median": 41.77,
       "min": 41.77,
       "max": 41.77,
       "samples": [
        41.77
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "h",
   "title": "first sync to a fresh client, until it can be asked for and is stored",
   "unit": "rec/s",
   "better": "more",
   "targets": [
    {
     "measure": "all",
     "says": "≥ 0.65 × the limit",
     "bound": 112202.4477405335,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "all": {
       "median": 13545.07903893121,
       "min": 13545.07903893121,
       "max": 13545.07903893121,
       "samples": [
        13545.07903893121
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "all": {
       "median": 6573.852632630249,
       "min": 6573.852632630249,
       "max": 6573.852632630249,
       "samples": [
        6573.852632630249
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {
      "all": {
       "median": 172619.15037005153,
       "min": 172619.15037005153,
       "max": 172619.15037005153,
       "samples": [
        172619.15037005153
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "i",
   "title": "A updates → B’s live query has it, loopback, stored on both sides and the server",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "median",
     "says": "≤ 1.2 × bare SSE",
     "bound": 8.77177734375,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "median": {
       "median": 15.60498046875,
       "min": 15.60498046875,
       "max": 15.60498046875,
       "samples": [
        15.60498046875
       ]
      },
      "p95": {
       "median": 29.905029296875,
       "min": 29.905029296875,
       "max": 29.905029296875,
       "samples": [
        29.905029296875
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {
      "median": {
       "median": 7.309814453125,
       "min": 7.309814453125,
       "max": 7.309814453125,
       "samples": [
        7.309814453125
       ]
      },
      "p95": {
       "median": 12.44482421875,
       "min": 12.44482421875,
       "max": 12.44482421875,
       "samples": [
        12.44482421875
       ]
      }
     }
    },
    {
     "contender": "bare-websocket",
     "measures": {
      "median": {
       "median": 4.205078125,
       "min": 4.205078125,
       "max": 4.205078125,
       "samples": [
        4.205078125
       ]
      },
      "p95": {
       "median": 10.0849609375,
       "min": 10.0849609375,
       "max": 10.0849609375,
       "samples": [
        10.0849609375
       ]
      }
     }
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "j",
   "title": "1,000 offline updates of distinct records, reconnect → B has all",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "all",
     "says": "≤ 100",
     "bound": 100,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "all": {
       "median": 604.054931640625,
       "min": 604.054931640625,
       "max": 604.054931640625,
       "samples": [
        604.054931640625
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "k",
   "title": "writes accepted from 20 concurrent clients, durable",
   "unit": "writes/s",
   "better": "more",
   "targets": [
    {
     "measure": "accepted",
     "says": "≥ 2 × the bare handler",
     "bound": 711.0722028835357,
     "met": true
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "accepted": {
       "median": 1042.520187826662,
       "min": 1042.520187826662,
       "max": 1042.520187826662,
       "samples": [
        1042.520187826662
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {
      "accepted": {
       "median": 355.53610144176787,
       "min": 355.53610144176787,
       "max": 355.53610144176787,
       "samples": [
        355.53610144176787
       ]
      }
     }
    }
   ]
  },
  {
   "key": "l",
   "title": "bytes of body for a one-field update: up, and down to another client",
   "unit": "B",
   "better": "less",
   "targets": [
    {
     "measure": "up",
     "says": "≤ 250",
     "bound": 250,
     "met": false
    },
    {
     "measure": "down",
     "says": "≤ 200",
     "bound": 200,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "up": {
       "median": 305,
       "min": 305,
       "max": 305,
       "samples": [
        305
       ]
      },
      "down": {
       "median": 230,
       "min": 230,
       "max": 230,
       "samples": [
        230
       ]
      },
      "back to the writer": {
       "median": 469,
       "min": 469,
       "max": 469,
       "samples": [
        469
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {
      "up": {
       "median": 46,
       "min": 46,
       "max": 46,
       "samples": [
        46
       ]
      },
      "down": {
       "median": 54,
       "min": 54,
       "max": 54,
       "samples": [
        54
       ]
      },
      "back to the writer": {
       "median": 54,
       "min": 54,
       "max": 54,
       "samples": [
        54
       ]
      }
     }
    },
    {
     "contender": "bare-websocket",
     "measures": {
      "up": {
       "median": 46,
       "min": 46,
       "max": 46,
       "samples": [
        46
       ]
      },
      "down": {
       "median": 46,
       "min": 46,
       "max": 46,
       "samples": [
        46
       ]
      },
      "back to the writer": {
       "median": 0,
       "min": 0,
       "max": 0,
       "samples": [
        0
       ]
      }
     }
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "m",
   "title": "idle live streams (5,000): memory of the server above empty; one change told to all",
   "unit": "MB, ms",
   "better": "less",
   "targets": [
    {
     "measure": "memory",
     "says": "≤ 150 MB",
     "bound": 150,
     "met": false
    },
    {
     "measure": "fan-out",
     "says": "≤ 500 ms",
     "bound": 500,
     "met": true
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "memory": {
       "median": 210.763776,
       "min": 210.763776,
       "max": 210.763776,
       "samples": [
        210.763776
       ]
      },
      "fan-out": {
       "median": 465.268235000025,
       "min": 465.268235000025,
       "max": 465.268235000025,
       "samples": [
        465.268235000025
       ]
      },
      "heap per stream, kB": {
       "median": 15.2743056,
       "min": 15.2743056,
       "max": 15.2743056,
       "samples": [
        15.2743056
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {
      "memory": {
       "median": 91.488256,
       "min": 91.488256,
       "max": 91.488256,
       "samples": [
        91.488256
       ]
      },
      "fan-out": {
       "median": 141.40814299997874,
       "min": 141.40814299997874,
       "max": 141.40814299997874,
       "samples": [
        141.40814299997874
       ]
      },
      "heap per stream, kB": {
       "median": 4.814232,
       "min": 4.814232,
       "max": 4.814232,
       "samples": [
        4.814232
       ]
      }
     }
    },
    {
     "contender": "bare-websocket",
     "measures": {
      "memory": {
       "median": 46.137344,
       "min": 46.137344,
       "max": 46.137344,
       "samples": [
        46.137344
       ]
      },
      "fan-out": {
       "median": 174.2047920000041,
       "min": 174.2047920000041,
       "max": 174.2047920000041,
       "samples": [
        174.2047920000041
       ]
      },
      "heap per stream, kB": {
       "median": 2.8458736,
       "min": 2.8458736,
       "max": 2.8458736,
       "samples": [
        2.8458736
       ]
      }
     }
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  }
 ]
},
{
 "at": "2026-11-21T12:29:46.516Z",
 "command": "pnpm bench --quick --records 1000 --patience 25 --only a,d,e,g,h,i,j,k,l,m --with dexie,rxdb,tinybase,tanstack-db,pouchdb,yjs,triplit --note Whether each contender works: 1,000 records, one run, a busy machine. Nothing here is a result. Row m has 500 streams.",
 "commit": "3c319bf",
 "note": "Whether each contender works: 1,000 records, one run, a busy machine. Nothing here is a result. Row m has 500 streams.",
 "quick": true,
 "records": 1000,
 "machine": {
  "cpu": "AMD EPYC",
  "cores": 2,
  "memoryGB": 24,
  "os": "linux 6.18.44-fc-v595",
  "node": "v24.21.0",
  "chromium": "Chromium 153.0.8010.0",
  "loadBefore": 3.98
 },
 "contenders": [
  {
   "name": "dexie",
   "kind": "peer",
   "versions": {
    "dexie": "4.4.7"
   }
  },
  {
   "name": "rxdb",
   "kind": "peer",
   "versions": {
    "rxdb": "17.6.0",
    "rxjs": "7.8.2"
   }
  },
  {
   "name": "tinybase",
   "kind": "peer",
   "versions": {
    "tinybase": "10.0.1"
   }
  },
  {
   "name": "tanstack-db",
   "kind": "peer",
   "versions": {
    "@tanstack/db": "0.8.7",
    "@tanstack/offline-transactions": "1.0.53"
   }
  },
  {
   "name": "pouchdb",
   "kind": "peer",
   "versions": {
    "pouchdb-browser": "9.0.0",
    "pouchdb-find": "9.0.0",
    "express-pouchdb": "4.2.0"
   }
  },
  {
   "name": "yjs",
   "kind": "peer",
   "versions": {
    "yjs": "13.6.33",
    "y-indexeddb": "9.0.12",
    "@hocuspocus/provider": "4.7.0",
    "@hocuspocus/server": "4.7.0"
   }
  },
  {
   "name": "triplit",
   "kind": "peer",
   "versions": {
    "@triplit/client": "1.0.50",
    "@triplit/server": "1.1.8"
   }
  }
 ],
 "rows": [
  {
   "key": "a",
   "title": "bulk insert by local transactions of 1,000, durable, queued for sync",
   "unit": "rec/s",
   "better": "more",
   "targets": [
    {
     "measure": "relaxed",
     "says": "≥ 100,000",
     "bound": 100000,
     "met": null
    }
   ],
   "cells": [
    {
     "contender": "dexie",
     "measures": {
      "relaxed": {
       "median": 8886.51915035463,
       "min": 8886.51915035463,
       "max": 8886.51915035463,
       "samples": [
        8886.51915035463
       ]
      }
     }
    },
    {
     "contender": "rxdb",
     "measures": {
      "relaxed": {
       "median": 7111.616826356716,
       "min": 7111.616826356716,
       "max": 7111.616826356716,
       "samples": [
        7111.616826356716
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {
      "relaxed": {
       "median": 4973.2686807667715,
       "min": 4973.2686807667715,
       "max": 4973.2686807667715,
       "samples": [
        4973.2686807667715
       ]
      }
     }
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "its outbox is for what people do, and records are in memory only"
    },
    {
     "contender": "pouchdb",
     "measures": {
      "relaxed": {
       "median": 4386.734514809958,
       "min": 4386.734514809958,
       "max": 4386.734514809958,
       "samples": [
        4386.734514809958
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {},
     "gap": "y-indexeddb does not say when something is stored"
    },
    {
     "contender": "triplit",
     "measures": {
      "relaxed": {
       "median": 14192.449616623771,
       "min": 14192.449616623771,
       "max": 14192.449616623771,
       "samples": [
        14192.449616623771
       ]
      }
     }
    }
   ]
  },
  {
   "key": "d",
   "title": "one-field update until durable",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "relaxed",
     "says": "≤ 1.2 × the log",
     "bound": null,
     "met": null
    },
    {
     "measure": "strict",
     "says": "≤ 1.2 × the log",
     "bound": null,
     "met": null
    }
   ],
   "cells": [
    {
     "contender": "dexie",
     "measures": {
      "relaxed": {
       "median": 1.6349999979138374,
       "min": 1.6349999979138374,
       "max": 1.6349999979138374,
       "samples": [
        1.6349999979138374
       ]
      },
      "strict": {
       "median": 1.9900000020861626,
       "min": 1.9900000020861626,
       "max": 1.9900000020861626,
       "samples": [
        1.9900000020861626
       ]
      }
     }
    },
    {
     "contender": "rxdb",
     "measures": {
      "relaxed": {
       "median": 4.365000002086163,
       "min": 4.365000002086163,
       "max": 4.365000002086163,
       "samples": [
        4.365000002086163
       ]
      },
      "strict": {
       "median": 5.050000004470348,
       "min": 5.050000004470348,
       "max": 5.050000004470348,
       "samples": [
        5.050000004470348
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {
      "relaxed": {
       "median": 14.03999999910593,
       "min": 14.03999999910593,
       "max": 14.03999999910593,
       "samples": [
        14.03999999910593
       ]
      }
     }
    },
    {
     "contender": "tanstack-db",
     "measures": {
      "relaxed": {
       "median": 0.8900000005960464,
       "min": 0.8900000005960464,
       "max": 0.8900000005960464,
       "samples": [
        0.8900000005960464
       ]
      }
     }
    },
    {
     "contender": "pouchdb",
     "measures": {
      "relaxed": {
       "median": 8.575000002980232,
       "min": 8.575000002980232,
       "max": 8.575000002980232,
       "samples": [
        8.575000002980232
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {},
     "gap": "y-indexeddb does not say when something is stored"
    },
    {
     "contender": "triplit",
     "measures": {
      "relaxed": {
       "median": 0.7000000029802322,
       "min": 0.7000000029802322,
       "max": 0.7000000029802322,
       "samples": [
        0.7000000029802322
       ]
      }
     }
    }
   ]
  },
  {
   "key": "e",
   "title": "update → live query callback has it (before durability)",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "median",
     "says": "≤ 0.1",
     "bound": 0.1,
     "met": null
    }
   ],
   "cells": [
    {
     "contender": "dexie",
     "measures": {
      "median": {
       "median": 1.2650000005960464,
       "min": 1.2650000005960464,
       "max": 1.2650000005960464,
       "samples": [
        1.2650000005960464
       ]
      }
     }
    },
    {
     "contender": "rxdb",
     "measures": {
      "median": {
       "median": 2.9200000017881393,
       "min": 2.9200000017881393,
       "max": 2.9200000017881393,
       "samples": [
        2.9200000017881393
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {
      "median": {
       "median": 0.255000002682209,
       "min": 0.255000002682209,
       "max": 0.255000002682209,
       "samples": [
        0.255000002682209
       ]
      }
     }
    },
    {
     "contender": "tanstack-db",
     "measures": {
      "median": {
       "median": 0.5150000005960464,
       "min": 0.5150000005960464,
       "max": 0.5150000005960464,
       "samples": [
        0.5150000005960464
       ]
      }
     }
    },
    {
     "contender": "pouchdb",
     "measures": {
      "median": {
       "median": 36.560000002384186,
       "min": 36.560000002384186,
       "max": 36.560000002384186,
       "samples": [
        36.560000002384186
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {
      "median": {
       "median": 0.33500000089406967,
       "min": 0.33500000089406967,
       "max": 0.33500000089406967,
       "samples": [
        0.33500000089406967
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "median": {
       "median": 10.57999999821186,
       "min": 10.57999999821186,
       "max": 10.57999999821186,
       "samples": [
        10.57999999821186
       ]
      }
     }
    }
   ]
  },
  {
   "key": "g",
   "title": "bundle of what this takes, sync included, minified and gzipped",
   "unit": "kB",
   "better": "less",
   "targets": [
    {
     "measure": "size",
     "says": "≤ 20",
     "bound": 20,
     "met": null
    }
   ],
   "cells": [
    {
     "contender": "dexie",
     "measures": {
      "size": {
       "median": 31.343,
       "min": 31.343,
       "max": 31.343,
       "samples": [
        31.343
       ]
      }
     }
    },
    {
     "contender": "rxdb",
     "measures": {
      "size": {
       "median": 87.989,
       "min": 87.989,
       "max": 87.989,
       "samples": [
        87.989
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {
      "size": {
       "median": 23.614,
       "min": 23.614,
       "max": 23.614,
       "samples": [
        23.614
       ]
      }
     }
    },
    {
     "contender": "tanstack-db",
     "measures": {
      "size": {
       "median": 74.252,
       "min": 74.252,
       "max": 74.252,
       "samples": [
        74.252
       ]
      }
     }
    },
    {
     "contender": "pouchdb",
     "measures": {
      "size": {
       "median": 54.438,
       "min": 54.438,
       "max": 54.438,
       "samples": [
        54.438
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {
      "size": {
       "median": 31.451,
       "min": 31.451,
       "max": 31.451,
       "samples": [
        31.451
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "size": {
       "median": 70.552,
       "min": 70.552,
       "max": 70.552,
       "samples": [
        70.552
       ]
      }
     }
    }
   ]
  },
  {
   "key": "h",
   "title": "first sync to a fresh client, until it can be asked for and is stored",
   "unit": "rec/s",
   "better": "more",
   "targets": [
    {
     "measure": "all",
     "says": "≥ 0.65 × the limit",
     "bound": null,
     "met": null
    }
   ],
   "cells": [
    {
     "contender": "dexie",
     "measures": {},
     "gap": "its sync is Dexie Cloud, a service whose server is closed"
    },
    {
     "contender": "rxdb",
     "measures": {
      "all": {
       "median": 1985.9592679895188,
       "min": 1985.9592679895188,
       "max": 1985.9592679895188,
       "samples": [
        1985.9592679895188
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {
      "all": {
       "median": 725.8079149360974,
       "min": 725.8079149360974,
       "max": 725.8079149360974,
       "samples": [
        725.8079149360974
       ]
      }
     }
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "the sync is yours to write"
    },
    {
     "contender": "pouchdb",
     "measures": {
      "all": {
       "median": 747.7530022304702,
       "min": 747.7530022304702,
       "max": 747.7530022304702,
       "samples": [
        747.7530022304702
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {
      "all": {
       "median": 7744.13381847153,
       "min": 7744.13381847153,
       "max": 7744.13381847153,
       "samples": [
        7744.13381847153
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "all": {
       "median": 3510.6196243453355,
       "min": 3510.6196243453355,
       "max": 3510.6196243453355,
       "samples": [
        3510.6196243453355
       ]
      }
     }
    }
   ]
  },
  {
   "key": "i",
   "title": "A updates → B’s live query has it, loopback, stored on both sides and the server",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "median",
     "says": "≤ 1.2 × bare SSE",
     "bound": null,
     "met": null
    }
   ],
   "cells": [
    {
     "contender": "dexie",
     "measures": {},
     "gap": "its sync is Dexie Cloud, a service whose server is closed"
    },
    {
     "contender": "rxdb",
     "measures": {
      "median": {
       "median": 17.005126953125,
       "min": 17.005126953125,
       "max": 17.005126953125,
       "samples": [
        17.005126953125
       ]
      },
      "p95": {
       "median": 40.56005859375,
       "min": 40.56005859375,
       "max": 40.56005859375,
       "samples": [
        40.56005859375
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {
      "median": {
       "median": 14.28515625,
       "min": 14.28515625,
       "max": 14.28515625,
       "samples": [
        14.28515625
       ]
      },
      "p95": {
       "median": 232.26025390625,
       "min": 232.26025390625,
       "max": 232.26025390625,
       "samples": [
        232.26025390625
       ]
      }
     }
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "the sync is yours to write"
    },
    {
     "contender": "pouchdb",
     "measures": {
      "median": {
       "median": 112.210205078125,
       "min": 112.210205078125,
       "max": 112.210205078125,
       "samples": [
        112.210205078125
       ]
      },
      "p95": {
       "median": 129.500244140625,
       "min": 129.500244140625,
       "max": 129.500244140625,
       "samples": [
        129.500244140625
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {
      "median": {
       "median": 3.71484375,
       "min": 3.71484375,
       "max": 3.71484375,
       "samples": [
        3.71484375
       ]
      },
      "p95": {
       "median": 24.2099609375,
       "min": 24.2099609375,
       "max": 24.2099609375,
       "samples": [
        24.2099609375
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "median": {
       "median": 50.73486328125,
       "min": 50.73486328125,
       "max": 50.73486328125,
       "samples": [
        50.73486328125
       ]
      },
      "p95": {
       "median": 65.594970703125,
       "min": 65.594970703125,
       "max": 65.594970703125,
       "samples": [
        65.594970703125
       ]
      }
     }
    }
   ]
  },
  {
   "key": "j",
   "title": "1,000 offline updates of distinct records, reconnect → B has all",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "all",
     "says": "≤ 100",
     "bound": 100,
     "met": null
    }
   ],
   "cells": [
    {
     "contender": "dexie",
     "measures": {},
     "gap": "its sync is Dexie Cloud, a service whose server is closed"
    },
    {
     "contender": "rxdb",
     "measures": {
      "all": {
       "median": 1440.940185546875,
       "min": 1440.940185546875,
       "max": 1440.940185546875,
       "samples": [
        1440.940185546875
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {
      "all": {
       "median": 312.614990234375,
       "min": 312.614990234375,
       "max": 312.614990234375,
       "samples": [
        312.614990234375
       ]
      }
     }
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "the sync is yours to write"
    },
    {
     "contender": "pouchdb",
     "measures": {
      "all": {
       "median": 4675.005126953125,
       "min": 4675.005126953125,
       "max": 4675.005126953125,
       "samples": [
        4675.005126953125
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {
      "all": {
       "median": 361.960205078125,
       "min": 361.960205078125,
       "max": 361.960205078125,
       "samples": [
        361.960205078125
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "all": {
       "median": 688.794921875,
       "min": 688.794921875,
       "max": 688.794921875,
       "samples": [
        688.794921875
       ]
      }
     }
    }
   ]
  },
  {
   "key": "k",
   "title": "writes accepted from 20 concurrent clients, durable",
   "unit": "writes/s",
   "better": "more",
   "targets": [
    {
     "measure": "accepted",
     "says": "≥ 2 × the bare handler",
     "bound": null,
     "met": null
    }
   ],
   "cells": [
    {
     "contender": "dexie",
     "measures": {},
     "gap": "its sync is Dexie Cloud, a service whose server is closed"
    },
    {
     "contender": "rxdb",
     "measures": {
      "accepted": {
       "median": 443.21119059325906,
       "min": 443.21119059325906,
       "max": 443.21119059325906,
       "samples": [
        443.21119059325906
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {},
     "gap": "only its client speaks its protocol"
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "the sync is yours to write"
    },
    {
     "contender": "pouchdb",
     "measures": {
      "accepted": {
       "median": 1338.677413890227,
       "min": 1338.677413890227,
       "max": 1338.677413890227,
       "samples": [
        1338.677413890227
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {},
     "gap": "only its client speaks its protocol"
    },
    {
     "contender": "triplit",
     "measures": {},
     "gap": "only its client speaks its protocol"
    }
   ]
  },
  {
   "key": "l",
   "title": "bytes of body for a one-field update: up, and down to another client",
   "unit": "B",
   "better": "less",
   "targets": [
    {
     "measure": "up",
     "says": "≤ 250",
     "bound": 250,
     "met": null
    },
    {
     "measure": "down",
     "says": "≤ 200",
     "bound": 200,
     "met": null
    }
   ],
   "cells": [
    {
     "contender": "dexie",
     "measures": {},
     "gap": "its sync is Dexie Cloud, a service whose server is closed"
    },
    {
     "contender": "rxdb",
     "measures": {
      "up": {
       "median": 570,
       "min": 570,
       "max": 570,
       "samples": [
        570
       ]
      },
      "down": {
       "median": 309,
       "min": 309,
       "max": 309,
       "samples": [
        309
       ]
      },
      "back to the writer": {
       "median": 311,
       "min": 311,
       "max": 311,
       "samples": [
        311
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {
      "up": {
       "median": 108,
       "min": 108,
       "max": 108,
       "samples": [
        108
       ]
      },
      "down": {
       "median": 132,
       "min": 132,
       "max": 132,
       "samples": [
        132
       ]
      },
      "back to the writer": {
       "median": 0,
       "min": 0,
       "max": 0,
       "samples": [
        0
       ]
      }
     }
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "the sync is yours to write"
    },
    {
     "contender": "pouchdb",
     "measures": {
      "up": {
       "median": 996.5,
       "min": 996.5,
       "max": 996.5,
       "samples": [
        996.5
       ]
      },
      "down": {
       "median": 1389,
       "min": 1389,
       "max": 1389,
       "samples": [
        1389
       ]
      },
      "back to the writer": {
       "median": 978.5,
       "min": 978.5,
       "max": 978.5,
       "samples": [
        978.5
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {
      "up": {
       "median": 39,
       "min": 39,
       "max": 39,
       "samples": [
        39
       ]
      },
      "down": {
       "median": 39,
       "min": 39,
       "max": 39,
       "samples": [
        39
       ]
      },
      "back to the writer": {
       "median": 47,
       "min": 47,
       "max": 47,
       "samples": [
        47
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "up": {
       "median": 198,
       "min": 198,
       "max": 198,
       "samples": [
        198
       ]
      },
      "down": {
       "median": 508,
       "min": 508,
       "max": 508,
       "samples": [
        508
       ]
      },
      "back to the writer": {
       "median": 581,
       "min": 581,
       "max": 581,
       "samples": [
        581
       ]
      }
     }
    }
   ]
  },
  {
   "key": "m",
   "title": "idle live streams (5,000): memory of the server above empty; one change told to all",
   "unit": "MB, ms",
   "better": "less",
   "targets": [
    {
     "measure": "memory",
     "says": "≤ 150 MB",
     "bound": 150,
     "met": null
    },
    {
     "measure": "fan-out",
     "says": "≤ 500 ms",
     "bound": 500,
     "met": null
    }
   ],
   "cells": [
    {
     "contender": "dexie",
     "measures": {},
     "gap": "its sync is Dexie Cloud, a service whose server is closed"
    },
    {
     "contender": "rxdb",
     "measures": {
      "memory": {
       "median": 29.425664,
       "min": 29.425664,
       "max": 29.425664,
       "samples": [
        29.425664
       ]
      },
      "fan-out": {
       "median": 43.83496999999625,
       "min": 43.83496999999625,
       "max": 43.83496999999625,
       "samples": [
        43.83496999999625
       ]
      },
      "heap per stream, kB": {
       "median": 20.10904,
       "min": 20.10904,
       "max": 20.10904,
       "samples": [
        20.10904
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {},
     "gap": "only its client speaks its protocol"
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "the sync is yours to write"
    },
    {
     "contender": "pouchdb",
     "measures": {},
     "gap": "its feed has to be asked again after each change"
    },
    {
     "contender": "yjs",
     "measures": {},
     "gap": "only its client speaks its protocol"
    },
    {
     "contender": "triplit",
     "measures": {},
     "gap": "only its client speaks its protocol"
    }
   ]
  }
 ]
},
{
 "at": "2026-11-21T15:21:54.334Z",
 "command": "pnpm bench --runs 1",
 "commit": "13f243b",
 "note": "",
 "quick": false,
 "records": 100000,
 "machine": {
  "cpu": "AMD EPYC",
  "cores": 2,
  "memoryGB": 24,
  "os": "linux 6.18.44-fc-v595",
  "node": "v24.21.0",
  "chromium": "Chromium 153.0.8010.0",
  "loadBefore": 8.06
 },
 "contenders": [
  {
   "name": "holdfast",
   "kind": "holdfast",
   "versions": {}
  },
  {
   "name": "raw-rows",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "raw-packed",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "raw-log",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "bare-sse",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "bare-websocket",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "bare-handler",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "dexie",
   "kind": "peer",
   "versions": {
    "dexie": "4.4.7"
   }
  },
  {
   "name": "rxdb",
   "kind": "peer",
   "versions": {
    "rxdb": "17.6.0",
    "rxjs": "7.8.2"
   }
  },
  {
   "name": "tinybase",
   "kind": "peer",
   "versions": {
    "tinybase": "10.0.1"
   }
  },
  {
   "name": "tanstack-db",
   "kind": "peer",
   "versions": {
    "@tanstack/db": "0.8.7",
    "@tanstack/offline-transactions": "1.0.53"
   }
  },
  {
   "name": "pouchdb",
   "kind": "peer",
   "versions": {
    "pouchdb-browser": "9.0.0",
    "pouchdb-find": "9.0.0",
    "express-pouchdb": "4.2.0"
   }
  },
  {
   "name": "yjs",
   "kind": "peer",
   "versions": {
    "yjs": "13.6.33",
    "y-indexeddb": "9.0.12",
    "@hocuspocus/provider": "4.7.0",
    "@hocuspocus/server": "4.7.0"
   }
  },
  {
   "name": "triplit",
   "kind": "peer",
   "versions": {
    "@triplit/client": "1.0.50",
    "@triplit/server": "1.1.8"
   }
  }
 ],
 "rows": [
  {
   "key": "a",
   "title": "bulk insert by local transactions of 1,000, durable, queued for sync",
   "unit": "rec/s",
   "better": "more",
   "targets": [
    {
     "measure": "relaxed",
     "says": "≥ 100,000",
     "bound": 100000,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "relaxed": {
       "median": 30963.92238578357,
       "min": 30963.92238578357,
       "max": 30963.92238578357,
       "samples": [
        30963.92238578357
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "relaxed": {
       "median": 10768.603705150366,
       "min": 10768.603705150366,
       "max": 10768.603705150366,
       "samples": [
        10768.603705150366
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {
      "relaxed": {
       "median": 221263.41409302043,
       "min": 221263.41409302043,
       "max": 221263.41409302043,
       "samples": [
        221263.41409302043
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "dexie",
     "measures": {
      "relaxed": {
       "median": 9268.71248778319,
       "min": 9268.71248778319,
       "max": 9268.71248778319,
       "samples": [
        9268.71248778319
       ]
      }
     }
    },
    {
     "contender": "rxdb",
     "measures": {
      "relaxed": {
       "median": 4616.482272823358,
       "min": 4616.482272823358,
       "max": 4616.482272823358,
       "samples": [
        4616.482272823358
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {
      "relaxed": {
       "median": 1223.2018642085513,
       "min": 1223.2018642085513,
       "max": 1223.2018642085513,
       "samples": [
        1223.2018642085513
       ]
      }
     }
    },
    {
     "contender": "tanstack-db",
     "measures": {},
     "gap": "its outbox is for what people do, and records are in memory only"
    },
    {
     "contender": "pouchdb",
     "measures": {
      "relaxed": {
       "median": 3560.9878821364377,
       "min": 3560.9878821364377,
       "max": 3560.9878821364377,
       "samples": [
        3560.9878821364377
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {},
     "gap": "y-indexeddb does not say when something is stored"
    },
    {
     "contender": "triplit",
     "measures": {
      "relaxed": {
       "median": 8392.260992601592,
       "min": 8392.260992601592,
       "max": 8392.260992601592,
       "samples": [
        8392.260992601592
       ]
      }
     }
    }
   ]
  },
  {
   "key": "b",
   "title": "page load → first result of a list’s open records, newest 50",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "new browser",
     "says": "≤ 100",
     "bound": 100,
     "met": false
    },
    {
     "measure": "reload",
     "says": "≤ 50",
     "bound": 50,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "new browser": {
       "median": 131.10000000149012,
       "min": 131.10000000149012,
       "max": 131.10000000149012,
       "samples": [
        131.10000000149012
       ]
      },
      "reload": {
       "median": 99.82000000029802,
       "min": 99.82000000029802,
       "max": 99.82000000029802,
       "samples": [
        99.82000000029802
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "new browser": {
       "median": 119.57499999552965,
       "min": 119.57499999552965,
       "max": 119.57499999552965,
       "samples": [
        119.57499999552965
       ]
      },
      "reload": {
       "median": 30.604999996721745,
       "min": 30.604999996721745,
       "max": 30.604999996721745,
       "samples": [
        30.604999996721745
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {
      "new browser": {
       "median": 182.09999999403954,
       "min": 182.09999999403954,
       "max": 182.09999999403954,
       "samples": [
        182.09999999403954
       ]
      },
      "reload": {
       "median": 160.5650000050664,
       "min": 160.5650000050664,
       "max": 160.5650000050664,
       "samples": [
        160.5650000050664
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "dexie",
     "measures": {
      "new browser": {
       "median": 81.56499999761581,
       "min": 81.56499999761581,
       "max": 81.56499999761581,
       "samples": [
        81.56499999761581
       ]
      },
      "reload": {
       "median": 6.725000001490116,
       "min": 6.725000001490116,
       "max": 6.725000001490116,
       "samples": [
        6.725000001490116
       ]
      }
     }
    },
    {
     "contender": "rxdb",
     "measures": {
      "new browser": {
       "median": 248.9350000023842,
       "min": 248.9350000023842,
       "max": 248.9350000023842,
       "samples": [
        248.9350000023842
       ]
      },
      "reload": {
       "median": 105.69500000029802,
       "min": 105.69500000029802,
       "max": 105.69500000029802,
       "samples": [
        105.69500000029802
       ]
      }
     }
    },
    {
     "contender": "tinybase",
     "measures": {},
     "gap": "failed: gave up after 300 s"
    },
    {
     "contender": "tanstack-db",
     "measures": {
      "new browser": {
       "median": 1770.6449999958277,
       "min": 1770.6449999958277,
       "max": 1770.6449999958277,
       "samples": [
        1770.6449999958277
       ]
      },
      "reload": {
       "median": 1244.585000000894,
       "min": 1244.585000000894,
       "max": 1244.585000000894,
       "samples": [
        1244.585000000894
       ]
      }
     }
    },
    {
     "contender": "pouchdb",
     "measures": {
      "new browser": {
       "median": 1529.9850000068545,
       "min": 1529.9850000068545,
       "max": 1529.9850000068545,
       "samples": [
        1529.9850000068545
       ]
      },
      "reload": {
       "median": 1658.1049999967217,
       "min": 1658.1049999967217,
       "max": 1658.1049999967217,
       "samples": [
        1658.1049999967217
       ]
      }
     }
    },
    {
     "contender": "yjs",
     "measures": {
      "new browser": {
       "median": 2569,
       "min": 2569,
       "max": 2569,
       "samples": [
        2569
       ]
      },
      "reload": {
       "median": 1942.4200000017881,
       "min": 1942.4200000017881,
       "max": 1942.4200000017881,
       "samples": [
        1942.4200000017881
       ]
      }
     }
    },
    {
     "contender": "triplit",
     "measures": {
      "new browser": {
       "median": 4646.60000000149,
       "min": 4646.60000000149,
       "max": 4646.60000000149,
       "samples": [
        4646.60000000149
       ]
      },
      "reload": {
       "median": 3422.359999999404,
       "min": 3422.359999999404,
       "max": 3422.359999999404,
       "samples": [
        3422.359999999404
       ]
      }
     }
    }
   ]
  }
 ]
},
{
 "at": "2026-11-21T15:37:34.264Z",
 "command": "pnpm bench --runs 2 --only a,b,c,d,e,f,g,h,i,j,k,l,m --with holdfast,raw-rows,raw-packed,raw-log,bare-sse,bare-websocket,bare-handler --note alone on the machine",
 "commit": "8ea15d3",
 "note": "alone on the machine",
 "quick": false,
 "records": 100000,
 "machine": {
  "cpu": "AMD EPYC",
  "cores": 2,
  "memoryGB": 24,
  "os": "linux 6.18.44-fc-v595",
  "node": "v24.21.0",
  "chromium": "Chromium 153.0.8010.0",
  "loadBefore": 2.66
 },
 "contenders": [
  {
   "name": "holdfast",
   "kind": "holdfast",
   "versions": {}
  },
  {
   "name": "raw-rows",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "raw-packed",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "raw-log",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "bare-sse",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "bare-websocket",
   "kind": "limit",
   "versions": {}
  },
  {
   "name": "bare-handler",
   "kind": "limit",
   "versions": {}
  }
 ],
 "rows": [
  {
   "key": "a",
   "title": "bulk insert by local transactions of 1,000, durable, queued for sync",
   "unit": "rec/s",
   "better": "more",
   "targets": [
    {
     "measure": "relaxed",
     "says": "≥ 100,000",
     "bound": 100000,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "relaxed": {
       "median": 23654.99172700262,
       "min": 23472.194837998195,
       "max": 23837.78861600704,
       "samples": [
        23837.78861600704,
        23472.194837998195
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "relaxed": {
       "median": 8308.994954027301,
       "min": 7747.889862194778,
       "max": 8870.100045859825,
       "samples": [
        7747.889862194778,
        8870.100045859825
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {
      "relaxed": {
       "median": 216790.8996345793,
       "min": 195182.88636599953,
       "max": 238398.9129031591,
       "samples": [
        238398.9129031591,
        195182.88636599953
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "b",
   "title": "page load → first result of a list’s open records, newest 50",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "new browser",
     "says": "≤ 100",
     "bound": 100,
     "met": false
    },
    {
     "measure": "reload",
     "says": "≤ 50",
     "bound": 50,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "new browser": {
       "median": 113.01249999925494,
       "min": 109.32000000029802,
       "max": 116.70499999821186,
       "samples": [
        109.32000000029802,
        116.70499999821186
       ]
      },
      "reload": {
       "median": 98.68999999761581,
       "min": 82.94500000029802,
       "max": 114.4349999949336,
       "samples": [
        114.4349999949336,
        82.94500000029802
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "new browser": {
       "median": 103.86499999836087,
       "min": 101.60000000149012,
       "max": 106.12999999523163,
       "samples": [
        106.12999999523163,
        101.60000000149012
       ]
      },
      "reload": {
       "median": 12.222499996423721,
       "min": 7.339999996125698,
       "max": 17.104999996721745,
       "samples": [
        7.339999996125698,
        17.104999996721745
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {
      "new browser": {
       "median": 160.89499999955297,
       "min": 158.7550000026822,
       "max": 163.03499999642372,
       "samples": [
        158.7550000026822,
        163.03499999642372
       ]
      },
      "reload": {
       "median": 137.0274999961257,
       "min": 136.00499999523163,
       "max": 138.04999999701977,
       "samples": [
        138.04999999701977,
        136.00499999523163
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "c",
   "title": "that query warm, another list each time",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "median",
     "says": "≤ 0.1",
     "bound": 0.1,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "median": {
       "median": 0.9249999988824129,
       "min": 0.8449999988079071,
       "max": 1.0049999989569187,
       "samples": [
        1.0049999989569187,
        0.8449999988079071
       ]
      },
      "p95": {
       "median": 1.3499999977648258,
       "min": 1.2100000008940697,
       "max": 1.489999994635582,
       "samples": [
        1.489999994635582,
        1.2100000008940697
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "median": {
       "median": 2.481249999254942,
       "min": 2.1874999962747097,
       "max": 2.775000002235174,
       "samples": [
        2.1874999962747097,
        2.775000002235174
       ]
      },
      "p95": {
       "median": 6.1799999959766865,
       "min": 5.814999997615814,
       "max": 6.544999994337559,
       "samples": [
        5.814999997615814,
        6.544999994337559
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {
      "median": {
       "median": 0.8337500002235174,
       "min": 0.7899999991059303,
       "max": 0.8775000013411045,
       "samples": [
        0.7899999991059303,
        0.8775000013411045
       ]
      },
      "p95": {
       "median": 0.9574999995529652,
       "min": 0.8449999988079071,
       "max": 1.0700000002980232,
       "samples": [
        0.8449999988079071,
        1.0700000002980232
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "d",
   "title": "one-field update until durable",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "relaxed",
     "says": "≤ 1.2 × the log",
     "bound": 0.7709999978542328,
     "met": false
    },
    {
     "measure": "strict",
     "says": "≤ 1.2 × the log",
     "bound": 1.1804999984800815,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "relaxed": {
       "median": 1.368750000372529,
       "min": 1.3200000002980232,
       "max": 1.4175000004470348,
       "samples": [
        1.4175000004470348,
        1.3200000002980232
       ]
      },
      "strict": {
       "median": 1.5824999958276749,
       "min": 1.2999999970197678,
       "max": 1.864999994635582,
       "samples": [
        1.864999994635582,
        1.2999999970197678
       ]
      },
      "relaxed, online": {
       "median": 2.592500001192093,
       "min": 2.592500001192093,
       "max": 2.592500001192093,
       "samples": [
        2.592500001192093,
        2.592500001192093
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "relaxed": {
       "median": 1.0775000005960464,
       "min": 1.010000005364418,
       "max": 1.1449999958276749,
       "samples": [
        1.010000005364418,
        1.1449999958276749
       ]
      },
      "strict": {
       "median": 1.444999996572733,
       "min": 1.244999997317791,
       "max": 1.6449999958276749,
       "samples": [
        1.6449999958276749,
        1.244999997317791
       ]
      },
      "relaxed, online": {
       "median": 1.1075000017881393,
       "min": 1.1000000014901161,
       "max": 1.1150000020861626,
       "samples": [
        1.1150000020861626,
        1.1000000014901161
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {
      "relaxed": {
       "median": 0.6424999982118607,
       "min": 0.6099999994039536,
       "max": 0.6749999970197678,
       "samples": [
        0.6099999994039536,
        0.6749999970197678
       ]
      },
      "strict": {
       "median": 0.9837499987334013,
       "min": 0.892500001937151,
       "max": 1.0749999955296516,
       "samples": [
        0.892500001937151,
        1.0749999955296516
       ]
      }
     }
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "e",
   "title": "update → live query callback has it (before durability)",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "median",
     "says": "≤ 0.1",
     "bound": 0.1,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "median": {
       "median": 0.32624999806284904,
       "min": 0.32499999552965164,
       "max": 0.32750000059604645,
       "samples": [
        0.32750000059604645,
        0.32499999552965164
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {
      "median": {
       "median": 0.9674999974668026,
       "min": 0.8299999982118607,
       "max": 1.1049999967217445,
       "samples": [
        0.8299999982118607,
        1.1049999967217445
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "f",
   "title": "heap after the first result, everything resident",
   "unit": "MB",
   "better": "less",
   "targets": [
    {
     "measure": "heap",
     "says": "≤ 30",
     "bound": 30,
     "met": true
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "heap": {
       "median": 19.6001065,
       "min": 19.415035,
       "max": 19.785178,
       "samples": [
        19.785178,
        19.415035
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {
      "heap": {
       "median": 23.919291,
       "min": 23.919239,
       "max": 23.919343,
       "samples": [
        23.919239,
        23.919343
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "g",
   "title": "bundle of what this takes, sync included, minified and gzipped",
   "unit": "kB",
   "better": "less",
   "targets": [
    {
     "measure": "size",
     "says": "≤ 20",
     "bound": 20,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "size": {
       "median": 49.807,
       "min": 49.807,
       "max": 49.807,
       "samples": [
        49.807,
        49.807
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "h",
   "title": "first sync to a fresh client, until it can be asked for and is stored",
   "unit": "rec/s",
   "better": "more",
   "targets": [
    {
     "measure": "all",
     "says": "≥ 0.65 × the limit",
     "bound": 197776.97544280358,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "all": {
       "median": 186688.6221269316,
       "min": 185382.58330476205,
       "max": 187994.66094910112,
       "samples": [
        187994.66094910112,
        185382.58330476205
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {
      "all": {
       "median": 9647.274496534123,
       "min": 9363.12054081123,
       "max": 9931.428452257014,
       "samples": [
        9931.428452257014,
        9363.12054081123
       ]
      }
     }
    },
    {
     "contender": "raw-packed",
     "measures": {
      "all": {
       "median": 304272.2699120055,
       "min": 281206.94018775516,
       "max": 327337.5996362559,
       "samples": [
        281206.94018775516,
        327337.5996362559
       ]
      }
     }
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "i",
   "title": "A updates → B’s live query has it, loopback, stored on both sides and the server",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "median",
     "says": "≤ 1.2 × bare SSE",
     "bound": 8.977368164062499,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "median": {
       "median": 13.02740478515625,
       "min": 12.762451171875,
       "max": 13.2923583984375,
       "samples": [
        12.762451171875,
        13.2923583984375
       ]
      },
      "p95": {
       "median": 20.0875244140625,
       "min": 19.955078125,
       "max": 20.219970703125,
       "samples": [
        19.955078125,
        20.219970703125
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {
      "median": {
       "median": 7.48114013671875,
       "min": 6.8548583984375,
       "max": 8.107421875,
       "samples": [
        8.107421875,
        6.8548583984375
       ]
      },
      "p95": {
       "median": 11.7874755859375,
       "min": 10.1650390625,
       "max": 13.409912109375,
       "samples": [
        13.409912109375,
        10.1650390625
       ]
      }
     }
    },
    {
     "contender": "bare-websocket",
     "measures": {
      "median": {
       "median": 3.77252197265625,
       "min": 3.76513671875,
       "max": 3.7799072265625,
       "samples": [
        3.7799072265625,
        3.76513671875
       ]
      },
      "p95": {
       "median": 5.4849853515625,
       "min": 5.260009765625,
       "max": 5.7099609375,
       "samples": [
        5.260009765625,
        5.7099609375
       ]
      }
     }
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "j",
   "title": "1,000 offline updates of distinct records, reconnect → B has all",
   "unit": "ms",
   "better": "less",
   "targets": [
    {
     "measure": "all",
     "says": "≤ 100",
     "bound": 100,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "all": {
       "median": 585.9698486328125,
       "min": 510.82958984375,
       "max": 661.110107421875,
       "samples": [
        661.110107421875,
        510.82958984375
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "k",
   "title": "writes accepted from 20 concurrent clients, durable",
   "unit": "writes/s",
   "better": "more",
   "targets": [
    {
     "measure": "accepted",
     "says": "≥ 2 × the bare handler",
     "bound": 6301.248335174228,
     "met": false
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "accepted": {
       "median": 2191.8442802550207,
       "min": 2050.6662906690785,
       "max": 2333.0222698409634,
       "samples": [
        2333.0222698409634,
        2050.6662906690785
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-websocket",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-handler",
     "measures": {
      "accepted": {
       "median": 3150.624167587114,
       "min": 2743.25125482326,
       "max": 3557.9970803509677,
       "samples": [
        2743.25125482326,
        3557.9970803509677
       ]
      }
     }
    }
   ]
  },
  {
   "key": "l",
   "title": "bytes of body for a one-field update: up, and down to another client",
   "unit": "B",
   "better": "less",
   "targets": [
    {
     "measure": "up",
     "says": "≤ 250",
     "bound": 250,
     "met": true
    },
    {
     "measure": "down",
     "says": "≤ 200",
     "bound": 200,
     "met": true
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "up": {
       "median": 247,
       "min": 247,
       "max": 247,
       "samples": [
        247,
        247
       ]
      },
      "down": {
       "median": 197.5,
       "min": 197,
       "max": 198,
       "samples": [
        198,
        197
       ]
      },
      "back to the writer": {
       "median": 392.5,
       "min": 392,
       "max": 393,
       "samples": [
        393,
        392
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {
      "up": {
       "median": 46,
       "min": 46,
       "max": 46,
       "samples": [
        46,
        46
       ]
      },
      "down": {
       "median": 54,
       "min": 54,
       "max": 54,
       "samples": [
        54,
        54
       ]
      },
      "back to the writer": {
       "median": 54,
       "min": 54,
       "max": 54,
       "samples": [
        54,
        54
       ]
      }
     }
    },
    {
     "contender": "bare-websocket",
     "measures": {
      "up": {
       "median": 46,
       "min": 46,
       "max": 46,
       "samples": [
        46,
        46
       ]
      },
      "down": {
       "median": 46,
       "min": 46,
       "max": 46,
       "samples": [
        46,
        46
       ]
      },
      "back to the writer": {
       "median": 0,
       "min": 0,
       "max": 0,
       "samples": [
        0,
        0
       ]
      }
     }
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  },
  {
   "key": "m",
   "title": "idle live streams (5,000): memory of the server above empty; one change told to all",
   "unit": "MB, ms",
   "better": "less",
   "targets": [
    {
     "measure": "memory",
     "says": "≤ 150 MB",
     "bound": 150,
     "met": false
    },
    {
     "measure": "fan-out",
     "says": "≤ 500 ms",
     "bound": 500,
     "met": true
    }
   ],
   "cells": [
    {
     "contender": "holdfast",
     "measures": {
      "memory": {
       "median": 191.81568,
       "min": 180.936704,
       "max": 202.694656,
       "samples": [
        180.936704,
        202.694656
       ]
      },
      "fan-out": {
       "median": 245.17071999999462,
       "min": 215.95133000001078,
       "max": 274.39010999997845,
       "samples": [
        274.39010999997845,
        215.95133000001078
       ]
      },
      "heap per stream, kB": {
       "median": 12.9877936,
       "min": 12.9507872,
       "max": 13.024799999999999,
       "samples": [
        13.024799999999999,
        12.9507872
       ]
      }
     }
    },
    {
     "contender": "raw-rows",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-packed",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "raw-log",
     "measures": {},
     "gap": "a limit of other rows"
    },
    {
     "contender": "bare-sse",
     "measures": {
      "memory": {
       "median": 91.594752,
       "min": 91.46368,
       "max": 91.725824,
       "samples": [
        91.46368,
        91.725824
       ]
      },
      "fan-out": {
       "median": 143.50917800000752,
       "min": 128.03322600002866,
       "max": 158.98512999998638,
       "samples": [
        158.98512999998638,
        128.03322600002866
       ]
      },
      "heap per stream, kB": {
       "median": 4.8467824,
       "min": 4.8154784,
       "max": 4.8780864,
       "samples": [
        4.8780864,
        4.8154784
       ]
      }
     }
    },
    {
     "contender": "bare-websocket",
     "measures": {
      "memory": {
       "median": 44.593152,
       "min": 43.216896,
       "max": 45.969408,
       "samples": [
        43.216896,
        45.969408
       ]
      },
      "fan-out": {
       "median": 157.110811999999,
       "min": 151.96262899995781,
       "max": 162.25899500004016,
       "samples": [
        151.96262899995781,
        162.25899500004016
       ]
      },
      "heap per stream, kB": {
       "median": 2.846992,
       "min": 2.8468288,
       "max": 2.8471552,
       "samples": [
        2.8468288,
        2.8471552
       ]
      }
     }
    },
    {
     "contender": "bare-handler",
     "measures": {},
     "gap": "a limit of other rows"
    }
   ]
  }
 ]
}
]
